"""A cluster of three nodes, for as long as a command runs or until Ctrl-C.

    python -m tests.cluster
    python -m tests.cluster python -m pytest tests/test_engines.py

The command finds the nodes' addresses in the environment, as DATELINE_TEST_CLUSTER.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.cluster.nodes import Cluster, ClusterError


def main(command: list[str]) -> int:
    # So that the nodes do not outlive this.
    signal.signal(signal.SIGTERM, lambda *about: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="dateline-cluster-") as folder:
        cluster = Cluster(Path(folder))
        try:
            cluster.start()
            print("DATELINE_TEST_CLUSTER=" + ",".join(cluster.urls()), flush=True)
            if not command:
                signal.pause()
            environment = {**os.environ, "DATELINE_TEST_CLUSTER": ",".join(cluster.urls())}
            return subprocess.run(command, env=environment, check=False).returncode
        except ClusterError as err:
            print(err, file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            return 0
        finally:
            cluster.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
