"""Timelines of a project: which interval is chosen, how many buckets there may be, what is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from search.project.project import Project
from search.query.query_errors import TooManyBucketsError
from search.results.request import Request
from search.results.timeline import FEW_BUCKETS, MAX_BUCKETS, Interval
from tests.demo import planted

START = datetime(2020, 2, 26, 22, 30, tzinfo=UTC)
AFTER = {
    "hours": timedelta(hours=40),
    "days": timedelta(days=100),
    "weeks": timedelta(days=700),
    "months": timedelta(days=3_000),
    "years": timedelta(days=36_500 - 100),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """For each word an article at the start and one so long before it; and some others."""
    articles: list[dict[str, object]] = [
        {"id": f"{word}-{at.isoformat()}", "title": word, "body": word, "date": at.isoformat()}
        for word, span in AFTER.items()
        for at in (START, START - span)
    ]
    articles += [
        {"id": "one", "title": "One", "body": "single", "date": START.isoformat()},
        {"id": "none", "title": "None", "body": "single hours"},
    ]
    folder = planted(tmp_path_factory.mktemp("timeline") / "project", articles)
    with Project.open(folder, now=START) as opened:
        yield opened


@pytest.mark.parametrize(
    ("text", "interval", "buckets"),
    [
        ("single", Interval.HOUR, 1),
        ("hours", Interval.HOUR, 41),
        ("days", Interval.DAY, 101),
        ("weeks", Interval.WEEK, 101),
        ("months", Interval.MONTH, 99),
        ("years", Interval.YEAR, 101),
    ],
)
def test_the_finest_interval_of_few_buckets_is_chosen(
    project: Project, text: str, interval: Interval, buckets: int
) -> None:
    found = project.timeline(text)
    assert (interval, buckets) == (found.interval, len(found.buckets))
    assert len(found.buckets) <= FEW_BUCKETS


@pytest.mark.parametrize("interval", Interval)
def test_buckets_follow_each_other_without_a_gap(project: Project, interval: Interval) -> None:
    found = project.timeline("hours", interval)
    ends = [bucket.end for bucket in found.buckets]
    assert ends[:-1] == [bucket.start for bucket in found.buckets[1:]]
    assert found.buckets[0].start <= START - AFTER["hours"]
    assert START < ends[-1]
    assert (3, 1, 2) == (found.total, found.undated, sum(each.count for each in found.buckets))


def test_too_many_buckets_are_an_error_that_says_what_to_do(project: Project) -> None:
    with pytest.raises(TooManyBucketsError) as caught:
        project.timeline("months", Interval.DAY)
    said = f"counting by day gives more than {MAX_BUCKETS:,} buckets\ntake a longer interval"
    assert str(caught.value).startswith(said)


def test_a_timeline_is_of_the_answer_s_articles(project: Project) -> None:
    request = Request("hours days single xyzzy")
    found = project.timeline(request)
    answer = project.search(request)
    assert answer.total == found.total == found.undated + sum(one.count for one in found.buckets)
    assert (answer.interpreted, answer.warnings) == (found.interpreted, found.warnings)


def test_a_timeline_of_nothing_is_empty(project: Project) -> None:
    found = project.timeline("xyzzy")
    assert (0, 0, ()) == (found.total, found.undated, found.buckets)


@pytest.mark.parametrize(
    ("interval", "labels"),
    [
        (Interval.HOUR, ["2020-02-26T22:00+00:00"]),
        (Interval.DAY, ["2020-02-26"]),
        (Interval.WEEK, ["2020-W09"]),
        (Interval.MONTH, ["2020-02"]),
        (Interval.YEAR, ["2020"]),
    ],
)
def test_labels_are_short(project: Project, interval: Interval, labels: list[str]) -> None:
    found = project.timeline("single", interval)
    assert labels == [found.label(bucket) for bucket in found.buckets]
