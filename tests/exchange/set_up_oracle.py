"""Makes .venv-oracle: pm4py, which judges our exports, and real logs to judge them by.

`make test` runs it once; it takes about half a minute.
"""

import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).parent
HOME = HERE.parents[1] / ".venv-oracle"
PYTHON = HOME / "bin" / "python"
LOGS = HOME / "logs"


def main() -> None:
    make_environment()
    pip("install", "--quiet", "--requirement", str(HERE / "oracle-requirements.txt"))
    unpack_logs()
    (HOME / "ready").touch()


def make_environment() -> None:
    try:
        venv.create(HOME, clear=True, with_pip=True)
    except subprocess.CalledProcessError:  # a Python that came without ensurepip
        venv.create(HOME, clear=True, with_pip=False)
        run(sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "--quiet", "pip")


def unpack_logs() -> None:
    LOGS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        pip(
            "download",
            "--quiet",
            "--no-deps",
            "--no-binary=:all:",
            "--no-build-isolation",
            "--require-hashes",
            f"--dest={folder}",
            f"--requirement={HERE / 'sample-logs.txt'}",
        )
        (archive,) = Path(folder).glob("*.tar.gz")
        with tarfile.open(archive) as files:
            for member in files:
                if member.isfile() and member.name.endswith((".xes", ".xes.gz")):
                    content = files.extractfile(member)
                    if content is not None:
                        (LOGS / Path(member.name).name).write_bytes(content.read())


def pip(*arguments: str) -> None:
    run(str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments)


def run(*command: str) -> None:
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
