"""A forge's troubles as the job queue understands them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from bot.jobs.port import GiveUp, Retry
from integrations import errors


@contextmanager
def answers() -> Iterator[None]:
    """Calls to a forge: what may pass is tried again, what cannot is given up."""
    try:
        yield
    except errors.RateLimited as error:
        raise Retry("rate_limited", timedelta(seconds=error.retry_after)) from error
    except (errors.Unreachable, errors.Unexpected) as error:
        raise Retry(type(error).__name__.lower()) from error
    except errors.NotPermitted as error:
        # Somebody has to repair the credentials; the retries give them the time.
        raise Retry("not_permitted", timedelta(minutes=1)) from error
    except (errors.NotThere, errors.Rejected) as error:
        raise GiveUp(type(error).__name__.lower()) from error
