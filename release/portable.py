"""Makes the portable folder for Windows, on any system: Python, the program and what it needs, in one zip.

    python release/portable.py -o dist

It downloads Python from python.org and the wheels with pip; both may be handed over instead (``--python``,
``--wheels``). The folder itself never downloads anything. Nothing in the zip tells when or where it was made.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import re
import subprocess
import sys
import tempfile
import tomllib
import urllib.request
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import desk
from packaging.metadata import parse_email
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "assess_xlsx"

ADDRESS = "https://www.python.org/ftp/python/3.14.8/python-3.14.8-embed-amd64.zip"
SHA256 = "a93abe456ab01bd96d7a085b3cdb6566b3063f4241360d114142fbdb07f0a310"
"""What python.org states for that file. A file that differs is refused."""

FOLDER = "考核汇总"
"""The only folder in the zip."""
PROGRAM, PACKAGES = "program", "packages"
GUIDE = "使用说明.txt"
CHAPTER = "没有 Python 的电脑"
"""The README's chapter which the guide is."""

WINDOWS = {
    "os_name": "nt",
    "sys_platform": "win32",
    "platform_system": "Windows",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
}
LEFT_OUT = re.compile(r"(^|/)tests/|\.(pyi|pyx|pxd|h|c|lib|a)$|^[^/]+\.data/(scripts|headers|data)/")
"""What no run needs of a wheel."""

BAT = r"""@echo off
rem Only echo lines hold Chinese, in GBK, after chcp 936: all else is said by Python.
setlocal DisableDelayedExpansion
if not exist "%~dp0{program}\python.exe" goto missing
rem Of a name with an ampersand, the arguments hold only what stands before it.
set "{name}=%~nx0"
setlocal EnableDelayedExpansion
set "{line}=!cmdcmdline!"
setlocal DisableDelayedExpansion
"%~dp0{program}\python.exe" "%~dp0{program}\desk.py" {task} %*
set "CODE=%errorlevel%"
if %CODE% geq 0 if %CODE% leq 2 goto end
chcp 936 >nul
echo 程序没有运行起来（%CODE%）。需要 64 位的 Windows 10 或更新版本；被杀毒软件拦下的，请选择允许。
goto end
:missing
set "CODE=1"
chcp 936 >nul
echo 请先解压：在压缩包上点右键，选“全部解压缩”，再到解压出来的文件夹里双击。
:end
pause
rem Without /b: nothing that cmd made of a name is run as a command.
exit %CODE%
"""


WINDOW = r"""@echo off
set "PATH=%~dp0{program};%PATH%"
pushd "%~dp0"
"%~dp0{program}\python.exe" -m assess_xlsx --help
cmd /k
"""
COMMAND = r"""@"%~dp0python.exe" -m assess_xlsx %*
"""


class Broken(Exception):  # noqa: N818 - a refusal, not a failure of the recipe
    """Why no folder can be made."""


class Python(NamedTuple):
    """The embeddable Python of one version."""

    data: bytes
    version: str
    """``3.14``"""

    @classmethod
    def of(cls, data: bytes) -> Python:
        """A zip that proves to be one."""
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
        found = next((match for name in names if (match := re.fullmatch(r"python(3)(\d+)\._pth", name))), None)
        if found is None or "python.exe" not in names:
            raise Broken("This is no embeddable Python: it holds no python.exe and no ._pth file.")
        return cls(data, f"{found[1]}.{found[2]}")

    def files(self) -> Iterator[tuple[str, bytes]]:
        """As it came, but for where it looks for modules."""
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            for name in archive.namelist():
                if name.endswith("._pth"):
                    library = name.replace("._pth", ".zip")
                    yield name, f"{library}\r\n.\r\n{PACKAGES}\r\n".encode()
                elif not name.endswith("/"):
                    yield name, archive.read(name)


def fetch(place: str, sha256: str) -> bytes:
    """A file by its path or address; refused where it is not the one that is meant."""
    if place.startswith("https://"):
        with urllib.request.urlopen(place, timeout=60) as answer:  # noqa: S310 - https only
            data: bytes = answer.read()
    else:
        data = Path(place).read_bytes()
    if (found := hashlib.sha256(data).hexdigest()) != sha256.lower():
        raise Broken(f"{place}: SHA-256 is {found}, not {sha256}.")
    return data


def own_requirements() -> list[Requirement]:
    """What pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [Requirement(each) for each in project["dependencies"]]


def holds(requirement: Requirement, version: str) -> bool:
    """Whether a requirement concerns Windows and a version of Python."""
    environment = {**WINDOWS, "python_version": version, "python_full_version": f"{version}.0", "extra": ""}
    return requirement.marker is None or requirement.marker.evaluate(environment)


def unmet(requirements: Iterable[Requirement], wheels: Iterable[Path], version: str) -> list[Requirement]:
    """What is asked for on Windows, by ``requirements`` or by a wheel, and no wheel gives.

    pip looks at what is asked for on the machine that it runs on, even where it is told to download for another.
    """
    given = {parse_wheel_filename(wheel.name)[0]: parse_wheel_filename(wheel.name)[1] for wheel in wheels}
    asked = [*requirements, *(Requirement(each) for wheel in wheels for each in _requires(wheel))]
    return [
        each
        for each in asked
        if holds(each, version)
        and not ((name := canonicalize_name(each.name)) in given and each.specifier.contains(given[name]))
    ]


def _requires(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return parse_email(archive.read(name))[0].get("requires_dist", [])


def download(folder: Path, version: str) -> list[Path]:
    """The wheels of all that the program needs on Windows, the newest that go together."""
    wanted = {str(Requirement(f"{each.name}{each.specifier}")) for each in own_requirements() if holds(each, version)}
    while True:
        target = Path(tempfile.mkdtemp(dir=folder))
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:", "--dest", str(target)]
        command += ["--platform", "win_amd64", "--implementation", "cp", "--python-version", version]
        subprocess.run([*command, *sorted(wanted)], check=True)
        wheels = sorted(target.iterdir())
        more = {f"{each.name}{each.specifier}" for each in unmet(own_requirements(), wheels, version)}
        if more <= wanted:
            return wheels
        wanted |= more


def modules(wheel: Path) -> Iterator[tuple[str, bytes]]:
    """What a run needs of a wheel: its code and its licences."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if not name.endswith("/") and not LEFT_OUT.search(name):
                if ".data/" in name:
                    raise Broken(f"{wheel.name}: {name} would have to be put elsewhere.")
                yield name, archive.read(name)


def own_modules() -> Iterator[tuple[str, bytes]]:
    """The program itself."""
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(ROOT).as_posix(), path.read_bytes()


def bat(text: str, task: str = "") -> bytes:
    """A .bat file, which may hand a task over to Python."""
    return text.format(program=PROGRAM, name=desk.NAME, line=desk.LINE, task=task).replace("\n", "\r\n").encode("gbk")


def guide(readme: str) -> bytes:
    """The README's chapter as Notepad shows it."""
    found = re.search(rf"^## {CHAPTER}\n(.*?)(?=^## |^---$|\Z)", readme, re.MULTILINE | re.DOTALL)
    if found is None:
        raise Broken(f"README.md has no chapter {CHAPTER}.")
    text = found[1].strip().replace("`", "").replace("**", "") + "\n"
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def components(python: Python, wheels: Iterable[Path]) -> bytes:
    """What the folder is made of, each with its SHA-256."""
    lines = [f"{hashlib.sha256(python.data).hexdigest()}  python-{python.version}-embed-amd64.zip"]
    lines += [f"{hashlib.sha256(wheel.read_bytes()).hexdigest()}  {wheel.name}" for wheel in wheels]
    return ("\r\n".join(lines) + "\r\n").encode()


def files(python: Python, wheels: Sequence[Path]) -> dict[str, bytes]:
    """All that the portable folder holds, by name; a name that ends with a stroke is an empty folder."""
    if lacking := unmet(own_requirements(), wheels, python.version):
        raise Broken(f"Wheels are missing for: {', '.join(sorted(map(str, lacking)))}")
    made = {
        desk.COLLECT: bat(BAT, "collect"),
        desk.PUBLISH: bat(BAT, "publish"),
        "命令窗口.bat": bat(WINDOW),
        f"{PROGRAM}/assess-xlsx.bat": bat(COMMAND),
        GUIDE: guide((ROOT / "README.md").read_text("utf-8")),
        f"{desk.INPUT}/": b"",
        f"{PROGRAM}/desk.py": Path(desk.__file__).read_bytes(),
        f"{PROGRAM}/components.txt": components(python, wheels),
        f"{PROGRAM}/LICENSE-assess-xlsx.txt": (ROOT / "LICENSE").read_bytes(),
    }
    made |= {f"{PROGRAM}/{name}": data for name, data in python.files()}
    for source in (own_modules(), *map(modules, wheels)):
        made |= {f"{PROGRAM}/{PACKAGES}/{name}": data for name, data in source}
    return made


def write(target: Path, made: dict[str, bytes]) -> None:
    """Packs the folder: in the order of the names, without times."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(made):
            info = zipfile.ZipInfo(f"{FOLDER}/{name}")
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0  # Windows, wherever it is made
            info.external_attr = 0x10 if info.is_dir() else 0
            archive.writestr(info, made[name])


def main(words: Sequence[str] | None = None) -> None:
    """Makes the zip and says where it stands."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "dist", help="where the zip goes (dist)")
    parser.add_argument("--python", default=ADDRESS, help="path or https address of an embeddable Python (x64)")
    parser.add_argument("--sha256", help="its SHA-256; must be given with --python")
    parser.add_argument("--wheels", type=Path, help="a folder with all wheels; otherwise pip downloads them")
    asked = parser.parse_args(words)
    if asked.python != ADDRESS and not asked.sha256:
        parser.error("--python needs --sha256")
    try:
        python = Python.of(fetch(asked.python, asked.sha256 or SHA256))
        with tempfile.TemporaryDirectory() as folder:
            wheels = sorted(asked.wheels.glob("*.whl")) if asked.wheels else download(Path(folder), python.version)
            made = files(python, wheels)
    except (Broken, OSError, zipfile.BadZipFile, subprocess.CalledProcessError) as error:
        parser.exit(1, f"{error}\n")
    version = re.search(r'__version__ = "(.+)"', (PACKAGE / "__init__.py").read_text("utf-8"))
    asked.output.mkdir(parents=True, exist_ok=True)
    target = asked.output / f"assess-xlsx-{version[1] if version else ''}-windows.zip"
    write(target, made)
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB, Python {python.version}, {len(wheels)} wheels")


if __name__ == "__main__":
    main()
