"""A Slurm of one node for the tests: daemons of the machine's own packages, all state in one folder.

Munge, MariaDB, slurmdbd, slurmctld and slurmd are started with configurations of their own on free ports
of 127.0.0.1 and ended with the tests. Nothing outside the folder is read or written, so that a Slurm that
the machine may have is never touched. Debian packages: `DEBIAN_PACKAGES`.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

DEBIAN_PACKAGES = (
    "mariadb-server-core",
    "munge",
    "slurm-client",
    "slurm-wlm-mysql-plugin",
    "slurmctld",
    "slurmd",
    "slurmdbd",
)
PROGRAMS = (
    "mariadbd",
    "munged",
    "sacct",
    "sacctmgr",
    "sbatch",
    "slurmctld",
    "slurmd",
    "slurmdbd",
    "srun",
)
#: How long one daemon may take to answer, in seconds.
PATIENCE = 60
#: What the node is said to have, whatever the machine has: jobs that ask for more would wait for ever.
CPUS, MEGABYTES = 6, 12_000


class DoesNotStartError(RuntimeError):
    """A daemon does not answer on this machine; the message holds what the daemons said."""


@dataclass(frozen=True)
class Slurm:
    """A cluster that runs: `environment` is what its commands need to find it."""

    environment: dict[str, str]

    def sacct(self) -> list[dict[str, str]]:
        """Slurm's own account of every job so far (not of their steps), oldest first."""
        columns = (
            *("JobID", "Comment", "State", "ExitCode", "AllocCPUS", "ReqMem", "Timelimit", "Elapsed"),
            "WorkDir",
        )
        table = self.call("sacct", "-X", "-n", "-P", "-o", ",".join(columns))
        return [dict(zip(columns, line.split("|"), strict=True)) for line in table.splitlines()]

    def call(self, *command: str) -> str:
        """What a command of Slurm prints. Raises `CalledProcessError`."""
        return subprocess.run(
            command, env={**os.environ, **self.environment}, check=True, capture_output=True, text=True
        ).stdout


def missing() -> list[str]:
    """The programs that this machine lacks."""
    return [name for name in PROGRAMS if _program(name) is None]


@contextlib.contextmanager
def one_node() -> Iterator[Slurm]:
    """Start a cluster `resift-tests` with one node and one partition, `main`; end it with the block.

    Raises `DoesNotStartError` where the machine's packages or kernel do not let it.
    """
    folder = Path(tempfile.mkdtemp(prefix="slurm-"))  # short: the path of a socket has at most 107 characters
    slurm = Slurm(
        {
            "SLURM_CONF": str(folder / "slurm.conf"),
            "PATH": os.pathsep.join([str(folder / "bin"), os.environ.get("PATH", "")]),
        }
    )
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        _start_munge(folder, stack)
        _start_database(folder, stack)
        _configure(folder)
        _start(folder, stack, slurm, "slurmdbd", "-D")
        _until(lambda: "resift-tests" in _register(slurm), "slurmdbd", folder)
        _start(folder, stack, slurm, "slurmctld", "-D", "-c")
        _start(folder, stack, slurm, "slurmd", "-D", "-N", "node")
        _until(lambda: "idle" in slurm.call("sinfo", "-h", "-o", "%t"), "slurmd", folder)
        yield slurm


def _start_munge(folder: Path, stack: contextlib.ExitStack) -> None:
    key = folder / "munge.key"
    key.write_bytes(secrets.token_bytes(128))
    key.chmod(0o400)
    options = [f"--{name}-file={folder}/munge.{name}" for name in ("key", "log", "pid", "seed")]
    # `--force`: folders below a /tmp that all may write to are this test's own all the same.
    command = ["munged", "--foreground", "--force", f"--socket={folder}/munge.socket", *options]
    _popen(folder, stack, command)
    _until((folder / "munge.socket").exists, "munged", folder)


def _start_database(folder: Path, stack: contextlib.ExitStack) -> None:
    data = folder / "database"
    user = [f"--user={getpass.getuser()}"]
    data.mkdir()
    system = Path("/usr/share/mysql/mysql_system_tables.sql").read_text(encoding="utf-8")
    server = str(_program("mariadbd"))
    subprocess.run(
        [server, "--no-defaults", "--bootstrap", f"--datadir={data}", *user],
        input=f"CREATE DATABASE mysql;\nUSE mysql;\n{system}",
        check=True,
        capture_output=True,
        text=True,
    )
    (folder / "first.sql").write_text("CREATE DATABASE slurm_acct_db;\n")
    command = [
        "mariadbd",
        "--no-defaults",
        *user,
        f"--datadir={data}",
        f"--socket={folder}/database.socket",
        f"--pid-file={folder}/database.pid",
        f"--init-file={folder}/first.sql",
        "--skip-networking",  # its socket alone, which only this user's folder holds
        "--skip-grant-tables",
        "--innodb-buffer-pool-size=32M",
        "--innodb-log-file-size=16M",
        "--innodb-flush-log-at-trx-commit=0",
    ]
    _popen(folder, stack, command)
    _until((folder / "database.socket").exists, "mariadbd", folder)


def _configure(folder: Path) -> None:
    dbd, ctld, slurmd = _free_ports(3)
    user, host = getpass.getuser(), socket.gethostname().split(".")[0]
    common = f"AuthType=auth/munge\nAuthInfo=socket={folder}/munge.socket\nSlurmUser={user}\n"
    dbd_conf = folder / "slurmdbd.conf"
    dbd_conf.write_text(
        f"{common}DbdHost=localhost\nDbdAddr=127.0.0.1\nDbdPort={dbd}\nPidFile={folder}/slurmdbd.pid\n"
        f"StorageType=accounting_storage/mysql\nStorageHost=localhost\nStorageUser={user}\n"
    )
    dbd_conf.chmod(0o600)  # slurmdbd refuses one that others can read
    for name in ("state", "spool", "bin"):
        (folder / name).mkdir()
    # Snakemake's job step hands srun an environment without SLURM_CONF.
    srun = folder / "bin" / "srun"
    srun.write_text(f'#!/bin/sh\nSLURM_CONF={folder}/slurm.conf exec {_program("srun")} "$@"\n')
    srun.chmod(0o755)
    (folder / "slurm.conf").write_text(
        f"""{common}SlurmdUser={user}
ClusterName=resift-tests
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ctld}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoragePort={dbd}
AccountingStoragePass={folder}/munge.socket
AccountingStoreFlags=job_comment
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=batch_sched_delay=0,sched_interval=1
MpiDefault=none
ReturnToService=2
KillWait=2
NodeName=node NodeHostname={host} NodeAddr=127.0.0.1 Port={slurmd} CPUs={CPUS} RealMemory={MEGABYTES}
PartitionName=main Nodes=node Default=YES MaxTime=INFINITE State=UP
"""
    )


def _register(slurm: Slurm) -> str:
    """Make the cluster and this user's account known to the accounting, and list the clusters."""
    with contextlib.suppress(subprocess.CalledProcessError):
        user = getpass.getuser()
        slurm.call("sacctmgr", "-i", "add", "cluster", "resift-tests")
        slurm.call("sacctmgr", "-i", "add", "account", "tests")
        slurm.call("sacctmgr", "-i", "add", "user", user, "account=tests", "defaultaccount=tests")
    try:
        return slurm.call("sacctmgr", "-n", "-P", "list", "cluster", "format=cluster")
    except subprocess.CalledProcessError:
        return ""


def _start(folder: Path, stack: contextlib.ExitStack, slurm: Slurm, *command: str) -> None:
    # slurmdbd finds the database by this name of MariaDB's client library.
    _popen(folder, stack, list(command), MYSQL_UNIX_PORT=f"{folder}/database.socket", **slurm.environment)


def _popen(folder: Path, stack: contextlib.ExitStack, command: list[str], **environment: str) -> None:
    program = _program(command[0])
    assert program is not None
    with (folder / f"{command[0]}.out").open("wb") as out:
        process = subprocess.Popen(
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**os.environ, **environment},
            start_new_session=True,  # Ctrl-C is pytest's; the daemons end in their order
        )
    stack.callback(_end, process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _until(ready: Callable[[], bool], name: str, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(subprocess.CalledProcessError):
            if ready():
                return
        if time.monotonic() > deadline:
            said = "".join(
                f"\n{path.name}: {path.read_text(errors='replace')[-1500:]}"
                for path in sorted(folder.glob("*.out"))
            )
            raise DoesNotStartError(f"{name} does not answer after {PATIENCE} s{said}")
        time.sleep(0.1)


def _program(name: str) -> str | None:
    """Daemons stand in sbin, which a user's PATH may lack."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"]))


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in held]
