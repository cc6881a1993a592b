"""The recipe of the portable folder, with a Python and wheels that stand in for the real ones."""

from __future__ import annotations

import hashlib
import re
import zipfile
from itertools import pairwise

import desk
import portable
import pytest
from conftest import package
from packaging.requirements import Requirement

TOP = f"{portable.FOLDER}/"


PYTHON = package(
    {
        "python.exe": b"MZ",
        "python314.dll": b"MZ",
        "python314.zip": b"PK",
        "python314._pth": b"python314.zip\r\n.\r\n\r\n#import site\r\n",
        "LICENSE.txt": b"PSF",
    }
)


def wheel(folder, name, version, *requires, **files):
    tag = f"{name}-{version}"
    asked = "".join(f"Requires-Dist: {each}\n" for each in requires)
    content = {
        f"{name}/__init__.py": b"",
        f"{tag}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{asked}",
        f"{tag}.dist-info/licenses/LICENSE": b"free",
    }
    path = folder / f"{tag}-py3-none-any.whl"
    path.write_bytes(package(content | files))
    return path


@pytest.fixture
def wheels(tmp_path):
    """One for each thing that the program asks for."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for each in portable.own_requirements():
        lowest = re.search(r">=([\d.]+)", str(each.specifier))
        wheel(folder, each.name.replace("-", "_").lower(), lowest[1] if lowest else "1.0")
    return folder


@pytest.fixture
def make(tmp_path, wheels):
    (tmp_path / "python.zip").write_bytes(PYTHON)

    def run(out="dist"):
        python = ["--python", str(tmp_path / "python.zip"), "--sha256", hashlib.sha256(PYTHON).hexdigest()]
        portable.main([*python, "--wheels", str(wheels), "-o", str(tmp_path / out)])
        [made] = (tmp_path / out).iterdir()
        return made

    return run


def test_the_folder_holds_python_the_program_and_what_it_needs(make):
    archive = zipfile.ZipFile(make())
    names = set(archive.namelist())
    assert all(name.startswith(TOP) for name in names)
    assert {name.removeprefix(TOP).partition("/")[0] for name in names} == {
        "双击汇总.bat",
        "发表.bat",
        "命令窗口.bat",
        "使用说明.txt",
        "input",
        "program",
    }
    program = {name.removeprefix(f"{TOP}program/") for name in names if name.startswith(f"{TOP}program/")}
    assert {"python.exe", "python314.dll", "desk.py", "LICENSE.txt", "LICENSE-assess-xlsx.txt"} <= program
    assert {
        "packages/assess_xlsx/__main__.py",
        "packages/assess_xlsx/scheme/builtin/taiqian-2018.toml",
        "packages/pandas/__init__.py",
        "packages/tzdata/__init__.py",  # asked for on Windows only
    } <= program
    assert any(name.startswith("packages/pandas-") and name.endswith("LICENSE") for name in program)
    assert not any("__pycache__" in name for name in program)
    assert archive.read(f"{TOP}program/python314._pth").split() == [b"python314.zip", b".", b"packages"]


def test_the_same_ingredients_make_the_same_zip(make):
    assert make("one").read_bytes() == make("two").read_bytes()


def test_it_says_what_it_is_made_of(make, wheels):
    listed = zipfile.ZipFile(make()).read(f"{TOP}program/components.txt").decode().split("\r\n")
    assert listed[0] == f"{hashlib.sha256(PYTHON).hexdigest()}  python-3.14-embed-amd64.zip"
    assert len([line for line in listed if line.endswith(".whl")]) == len(list(wheels.iterdir()))


def test_the_bat_files_are_ascii_but_for_what_they_say_in_gbk(make):
    archive = zipfile.ZipFile(make())
    for name, task in ((desk.COLLECT, "collect"), (desk.PUBLISH, "publish")):
        data = archive.read(f"{TOP}{name}")
        assert data.count(b"\r\n") == data.count(b"\n")
        lines = data.decode("gbk").split("\r\n")
        assert f'"%~dp0program\\python.exe" "%~dp0program\\desk.py" {task} %*' in lines
        for before, line in pairwise(lines):
            assert line.isascii() or (line.startswith("echo ") and before == "chcp 936 >nul")
            assert "%*" not in line or line.startswith('"')  # what was dropped stands in no line but the call
    for name in ("命令窗口.bat", "program/assess-xlsx.bat"):
        assert archive.read(f"{TOP}{name}").isascii()


def test_no_sentence_of_a_bat_file_holds_what_cmd_would_act_upon(make):
    """In GBK a character's second byte may be ``|`` or ``^``; read in another code page it would be one."""
    for line in zipfile.ZipFile(make()).read(f"{TOP}{desk.COLLECT}").split(b"\r\n"):
        if line.startswith(b"echo "):
            assert not set(b"|&<>^") & set(line)


def test_the_guide_is_the_chapter_of_the_readme(make):
    text = zipfile.ZipFile(make()).read(f"{TOP}使用说明.txt").decode("utf-8-sig")
    for name in (desk.COLLECT, desk.PUBLISH, desk.INPUT, desk.OUTPUT, desk.FORMS, desk.SCHEME, "命令窗口.bat"):
        assert name in text
    assert "## " not in text
    assert text.count("\r\n") == text.count("\n")


def test_only_what_a_run_needs_of_a_wheel_is_taken(tmp_path):
    path = wheel(
        tmp_path,
        "some",
        "1.0",
        **{
            "some/tests/test_it.py": b"",
            "some/testing/__init__.py": b"",
            "some/it.pyi": b"",
            "some/lib/it.lib": b"",
            "some/it.pyd": b"",
            "some-1.0.data/scripts/it.py": b"",
        },
    )
    assert sorted(name for name, _ in portable.modules(path)) == [
        "some-1.0.dist-info/METADATA",
        "some-1.0.dist-info/licenses/LICENSE",
        "some/__init__.py",
        "some/it.pyd",
        "some/testing/__init__.py",
    ]


def test_a_wheel_that_must_be_put_elsewhere_is_refused(tmp_path):
    path = wheel(tmp_path, "some", "1.0", **{"some-1.0.data/platlib/it.py": b""})
    with pytest.raises(portable.Broken):
        list(portable.modules(path))


def test_what_is_asked_for_on_windows_is_seen_from_any_system(tmp_path):
    one = wheel(
        tmp_path,
        "one",
        "1.0",
        'colour; platform_system == "Windows"',
        'dogs; sys_platform == "linux"',
        'old; python_version < "3.12"',
        'more; extra == "all"',
        "two>=2",
    )
    two = wheel(tmp_path, "two", "1.5")
    lacking = portable.unmet([Requirement("one"), Requirement("Three_3")], [one, two], "3.14")
    assert sorted(each.name for each in lacking) == ["Three_3", "colour", "two"]


def test_a_folder_without_all_wheels_is_not_made(make, wheels, tmp_path, capsys):
    next(wheels.glob("tzdata-*")).unlink()
    with pytest.raises(SystemExit) as end:
        make()
    assert end.value.code == 1
    assert "tzdata" in capsys.readouterr().err
    assert not (tmp_path / "dist").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--sha256", "0" * 64], 1, "SHA-256 is"),
        ([], 2, "--python needs --sha256"),
        (["--sha256", hashlib.sha256(b"PK").hexdigest()], 1, "SHA-256 is"),
    ],
)
def test_another_python_than_the_one_meant_is_refused(tmp_path, wheels, capsys, words, code, said):
    (tmp_path / "python.zip").write_bytes(PYTHON)
    with pytest.raises(SystemExit) as end:
        portable.main(["--python", str(tmp_path / "python.zip"), "--wheels", str(wheels), *words])
    assert end.value.code == code
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("data", [b"no zip", package({"python.exe": b"MZ"}), package({"python314._pth": b""})])
def test_what_is_no_embeddable_python_is_refused(tmp_path, wheels, capsys, data):
    path = tmp_path / "python.zip"
    path.write_bytes(data)
    with pytest.raises(SystemExit) as end:
        portable.main(["--python", str(path), "--sha256", hashlib.sha256(data).hexdigest(), "--wheels", str(wheels)])
    assert end.value.code == 1
    assert capsys.readouterr().err


def test_python_is_a_release_of_python_org_with_its_hash():
    assert re.fullmatch(r"https://www\.python\.org/ftp/python/([\d.]+)/python-\1-embed-amd64\.zip", portable.ADDRESS)
    assert re.fullmatch(r"[0-9a-f]{64}", portable.SHA256)
