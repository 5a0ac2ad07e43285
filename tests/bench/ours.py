"""dateline as one of the peers, through the doors that its users have."""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from indexer import build
from indexer.engines import engine
from indexer.ingest.run import ingest
from search.engines import open_searcher
from search.project.project import Project
from tests.bench.queries import Kind, Search
from tests.places import EMBEDDED, cluster_yaml

# Whatever the calendar says, an answer is the same.
_NOW = datetime(2025, 1, 1, tzinfo=UTC)


class Dateline:
    """A project with one folder of JSON Lines as its source."""

    def __init__(self, folder: Path, engine: str, workers: int = 1) -> None:
        self._news = folder / "news"
        self._news.mkdir(parents=True, exist_ok=True)
        self._batches = len(list(self._news.iterdir()))
        settings = folder / "dateline.yaml"
        if engine not in EMBEDDED and not settings.exists():
            settings.write_text(cluster_yaml())
        self.project = Project.open(folder, engine=engine, workers=str(workers), now=_NOW)

    def build(self, file: Path) -> None:
        shutil.copy(file, self._news / "articles.jsonl")
        self.project.add([self._news])

    def update(self, file: Path) -> None:
        self.arrive(file)
        self.project.update()
        self.project.search("news")

    def arrive(self, file: Path) -> None:
        """Put a file where the project's source is."""
        self._batches += 1
        shutil.copy(file, self._news / f"batch-{self._batches:03}.jsonl")

    def update_index(self, file: Path) -> float:
        """Take in a file; returns the seconds until its articles are seen, without cleaning."""
        self.arrive(file)
        project = self.project
        ingest(project.store, project.sources(), now=_NOW, workers=project.config.workers)
        began = time.perf_counter()
        config = project.config
        index = engine(config.engine).open_generations(
            config.data_folder / "index", config.cluster, ""
        )
        build.update(project.store, index)
        open_searcher(index.current()).close()
        return time.perf_counter() - began

    def search(self, search: Search) -> list[tuple[str, str]]:
        return [
            (hit.article.id, " ".join(snippet.text for snippet in hit.snippets))
            for hit in self.project.search(text_of(search)).hits
        ]

    @property
    def elsewhere(self) -> int:
        """The bytes of one copy of an index that does not lie in the folder."""
        return self.project.status().index_bytes if self.project.config.is_shared else 0

    def close(self) -> None:
        self.project.close()


def text_of(search: Search) -> str:
    """A query in dateline's language."""
    match search.kind:
        case Kind.OR:
            return " OR ".join(search.words)
        case Kind.PHRASE:
            return f'"{" ".join(search.words)}"'
        case Kind.PREFIX:
            return f"{search.words[0]}*"
    text = " ".join(search.words)
    if search.since is None or search.until is None:
        return text
    last = search.until - timedelta(days=1)
    return f"{text} date:{search.since:%Y-%m-%d}..{last:%Y-%m-%d}"
