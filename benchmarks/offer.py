"""
How long an offer takes: its page at first and again, its PDF and slides; and a comparison, a case.

    python benchmarks/offer.py DIR [THEME]

CPU seconds of one process, so that what else the machine does counts little; DIR is an edition,
best that of the whole of Horizon 2020, whose theme `health` is asked for. Making ready is what a
served atlas does once, before anybody asks.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from starlette.testclient import TestClient

from triplehelix.app.landscape import cluster_names
from triplehelix.app.offers.offering import make_ready, offer
from triplehelix.app.offers.question import asked_for
from triplehelix.app.offers.saving import saved
from triplehelix.serve import create_app
from triplehelix.store.edition import open_edition


def main(folder: Path, theme: str) -> None:
    """Time each once, in the order in which a reader meets them."""
    edition = open_edition(folder)
    client = TestClient(create_app(edition))
    client.get("/")
    ids = [id_ for id_, _ in cluster_names(edition)][:10]
    ten = "&".join(f"cluster={id_}" for id_ in ids)
    asked = asked_for([theme])

    def page(path: str) -> Callable[[], object]:
        return lambda: client.get(path).raise_for_status()

    timed("making ready", None, lambda: make_ready(edition))
    timed("page, first", 0.150, page(f"/offer?theme={theme}"))
    timed("page, again", 0.150, page(f"/offer?theme={theme}"))
    timed("page to a partner, first", 0.150, page(f"/offer?theme={theme}&partner=JP"))
    timed("page to a partner, again", 0.150, page(f"/offer?theme={theme}&partner=JP"))
    timed("PDF, with the imports", 5.0, lambda: saved(edition, offer(edition, asked), "pdf"))
    timed("PDF, again", 5.0, lambda: saved(edition, offer(edition, asked), "pdf"))
    timed("slides, with the imports", 3.0, lambda: saved(edition, offer(edition, asked), "pptx"))
    timed("ten clusters compared", None, page(f"/compare?{ten}"))
    timed("case, first", None, page(f"/clusters/{ids[0]}/case"))
    timed("case, again", None, page(f"/clusters/{ids[0]}/case"))
    timed("card for a frame", None, page(f"/embed/clusters/{ids[0]}"))


def timed(what: str, to_reach: float | None, ask: Callable[[], object]) -> None:
    """Print the CPU seconds that it takes, beside what was set out to be reached."""
    began = time.process_time()
    ask()
    reached = f"  (to reach: {to_reach:g})" if to_reach else ""
    print(f"{what:30} {time.process_time() - began:7.3f} s{reached}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "health")
