"""Nothing happens at import, and the import contracts hold."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
IMPORT_ALL = '''
import importlib, pathlib, sys

ROOT, SEEN = sys.argv[1], []
SOCKETS = {"socket.connect", "socket.bind", "socket.getaddrinfo"}
WATCHED = SOCKETS | {"open", "sqlite3.connect", "subprocess.Popen", "os.mkdir"}
# Reading its own plug-in list when a model class is made, and the zone database, is these libraries' way.
LIBRARIES = ("/pydantic/plugin/", "/babel/")


def watch(event, arguments):
    """Note what our own module code does. What a library does while it is itself imported is not our doing."""
    if event not in WATCHED:
        return
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith("<frozen importlib") or any(part in name for part in LIBRARIES):
            return
        if name.startswith(ROOT) and "site-packages" not in name:
            SEEN.append(f"{name[len(ROOT) + 1:]}:{frame.f_lineno} {event} {arguments[0]}")
            return
        frame = frame.f_back


files = [file for package in sys.argv[2:] for file in pathlib.Path(ROOT, package).rglob("*.py")]
names = [".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in files]
sys.addaudithook(watch)
for name in sorted(names):
    importlib.import_module(name)
# SQLAlchemy loads the driver where there is a PostgreSQL; without one it is a fifteenth of the service's memory.
print(*SEEN, *{"psycopg"} & set(sys.modules), sep="\\n", end="")
'''


def test_importing_any_module_opens_no_file_socket_or_database_and_loads_no_driver() -> None:
    packages = ["bot", "workflows", "integrations", "config"]
    command = [sys.executable, "-c", IMPORT_ALL, str(ROOT), *packages]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_the_import_contracts_hold() -> None:
    command = [sys.executable, "-c", CONTRACTS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
