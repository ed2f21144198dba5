"""What a person can cause, and mend.

NewsthemesError
├── UsageError        the command line asks for something that makes no sense   (exit 2)
├── TooManyRejected   the work is done, but too much of the input was set aside (exit 3)
├── ParamsError       params.yaml                                               (exit 4)
├── InputError        pages, labels, the catalogue: what people bring           (exit 4)
├── ContractError     a file between stages is missing, stale or foreign        (exit 4)
└── BusyError         another process holds what is needed                      (exit 5)

Every message reads `place: what is wrong (got …); what to do`. Anything else that is raised is a
bug and keeps its traceback.
"""

from __future__ import annotations


class NewsthemesError(Exception):
    """A mistake that its message tells how to mend."""

    exit_code = 4


class UsageError(NewsthemesError):
    """The command line asks for something that makes no sense."""

    exit_code = 2


class TooManyRejected(NewsthemesError):
    """The work is done, but more of the input was set aside than params.yaml allows."""

    exit_code = 3


class ParamsError(NewsthemesError):
    """params.yaml is missing, unreadable or says something impossible."""


class InputError(NewsthemesError):
    """Pages, labels.csv or themes.yaml cannot be used as they are."""


class ContractError(NewsthemesError):
    """A file that one stage makes for another is missing, stale or foreign."""


class BusyError(NewsthemesError):
    """Another process holds what is needed."""

    exit_code = 5
