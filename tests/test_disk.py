"""Folders and names that a power cut must not take; what a cut does to them is tried in `hard/faults` (AUD-2)."""

from errno import EPERM
from pathlib import Path

import pytest

from carecli.disk import make_folder, name_new, sync_file, sync_folder


def test_folders_are_made_with_those_above(tmp_path: Path) -> None:
    """AUD-2: all that are missing are made in the mode that is asked for, and what is there stays as it is."""
    tmp_path.chmod(0o755)
    make_folder(tmp_path / "a" / "b", 0o700)
    make_folder(tmp_path / "a" / "b", 0o700)
    modes = [place.stat().st_mode & 0o777 for place in (tmp_path, tmp_path / "a", tmp_path / "a" / "b")]
    assert modes == [0o755, 0o700, 0o700]


def test_what_is_not_there_cannot_be_synced(tmp_path: Path) -> None:
    """AUD-2: nothing is taken for safe that is not; a file in a folder's place is told as well."""
    (tmp_path / "file").write_text("x")
    sync_file(tmp_path / "file")
    sync_folder(tmp_path)
    for sync, place in ((sync_file, "none"), (sync_folder, "none"), (sync_folder, "file")):
        with pytest.raises(OSError, match=place):
            sync(tmp_path / place)
    with pytest.raises(OSError, match="file"):
        make_folder(tmp_path / "file" / "folder")


@pytest.mark.parametrize("links", [True, False])
def test_a_name_is_given_and_never_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    """AUD-2: what has a name keeps it, a link that leads nowhere too, and on a file system without links."""

    def refused(*_: object) -> None:
        raise PermissionError(EPERM, "no links here")

    if not links:
        monkeypatch.setattr(Path, "hardlink_to", refused)
    made = tmp_path / "made"
    made.write_text("new")
    (tmp_path / "there").write_text("old")
    (tmp_path / "astray").symlink_to("nowhere")
    for name in ("there", "astray"):
        with pytest.raises(FileExistsError):
            name_new(made, tmp_path / name)
    name_new(made, tmp_path / "name")
    assert [(tmp_path / name).read_text() for name in ("there", "name")] == ["old", "new"]
    assert (tmp_path / "astray").is_symlink()
