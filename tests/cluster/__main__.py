"""`python -m tests.cluster [FOLDER]`: run a cluster of three nodes until Ctrl-C."""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path

from tests.cluster.nodes import Cluster, ClusterError


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        cluster = Cluster(Path(arguments[0] if arguments else scratch))
        try:
            cluster.start()
            print("ready:", " ".join(cluster.urls()), flush=True)
            signal.pause()
        except ClusterError as err:
            print(err, file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            pass
        finally:
            cluster.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
