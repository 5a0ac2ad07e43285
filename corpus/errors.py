"""The errors of dateline, all under one root, with a base for each thing that can fail.

A face maps the bases: `search/cli/exit_codes.py` to exit codes, `search/web/problems.py` to
problem documents. A class lives beside the code that raises it, a base in the lowest package
that needs it: here, in `indexer/indexer_errors.py`, or in its room of `search`.

DatelineError
├── StoreError                  the corpus's file cannot be used
│   ├── CorpusMissingError
│   ├── DamagedArticleError
│   └── DiskFullError
├── SourceError                 a source, or a part of one, cannot be read
│   ├── AddressError
│   │   └── UnknownHostError
│   ├── FetchError
│   │   ├── HostClosedError
│   │   ├── RefusedError
│   │   ├── UnreachableError
│   │   └── _BusyError
│   ├── DecodingError
│   ├── ResponseError
│   ├── XmlError
│   │   └── XmlLimitError
│   └── _DamagedError
├── CleanError                  a raw article holds no article
├── WorkersError                other processes or machines cannot clean
│   ├── DaskError
│   │   ├── DaskLostError
│   │   └── DaskVersionError
│   ├── ProcessDiedError
│   └── ProcessStartError
├── SubmissionError             an article cannot be submitted or withdrawn
│   ├── FromFilesError
│   └── OtherIdError
├── MissingExtraError           an optional package is not installed
│   ├── DaskMissingError
│   ├── EngineMissingError
│   └── SpacyMissingError
├── IndexUnusableError          there is no index that can be searched
│   ├── IndexDamagedError
│   │   └── UnsummedError
│   ├── IndexUnreachableError
│   ├── NoIndexError
│   │   └── NotBuiltError
│   ├── OutdatedIndexError
│   └── StoreMismatchError
├── RebuildFailedError          a new index did not pass its check
├── ConfigError                 a setting is not allowed
├── QueryError                  a query cannot be understood, and where
│   ├── BadValueError
│   │   └── DateParameterError
│   ├── CursorError
│   ├── EmptyQueryError
│   ├── QueryLimitError
│   ├── SyntaxProblemError
│   ├── TooManyBucketsError
│   ├── UnclosedQuoteError
│   ├── UnknownFacetError
│   ├── UnknownFieldError
│   └── WindowError
├── QueryPartError              a part of a query, before its place is known
│   ├── PeriodError
│   ├── TooManyClausesError
│   ├── TooManyTermsError
│   └── ValueProblemError
├── LockedError                 another process is writing to the project
├── QueryFileError              a file of queries cannot be read
├── ListenError                 a server cannot listen at its address
└── ProblemError                a request over HTTP is wrong
"""

from __future__ import annotations


class DatelineError(Exception):
    """The root: one `except` for all that dateline raises. The message says what to do."""


class StoreError(DatelineError):
    """The store's file cannot be used; the message says why and what to do."""


class SourceError(DatelineError):
    """A source, or a part of one, cannot be read; the message is the reason."""
