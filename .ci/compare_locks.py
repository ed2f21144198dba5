"""Compare a fresh dvc.lock with the committed one: compare_locks.py COMMITTED FRESH.

They must be equal. One difference is allowed: another kind of CPU computes embeddings that differ
in the last digits, and what follows from them differs with them. Then code, parameters and
everything before the embeddings must still be equal.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

VECTORS = "data/embeddings.parquet"


def hashes(entries: list[dict[str, Any]]) -> dict[str, str]:
    return {entry["path"]: str(entry.get("md5", entry.get("hash"))) for entry in entries}


def differences(committed: dict[str, Any], fresh: dict[str, Any]) -> list[str]:
    """What must be equal and is not, one line each."""
    before, after = committed["stages"], fresh["stages"]
    problems = [f"stage {name} is in one file only" for name in set(before) ^ set(after)]
    made = {out["path"] for stage in after.values() for out in stage.get("outs", [])}
    old_vectors, new_vectors = (hashes(lock["embed"]["outs"])[VECTORS] for lock in (before, after))
    same_arithmetic = old_vectors == new_vectors
    for name in sorted(set(before) & set(after)):
        old, new = before[name], after[name]
        if old.get("params") != new.get("params") or old["cmd"] != new["cmd"]:
            problems.append(f"stage {name}: command or parameters differ")
        strict = same_arithmetic or name == "ingest"
        for kind in ("deps", "outs"):
            was, now = hashes(old.get(kind, [])), hashes(new.get(kind, []))
            problems += [
                f"stage {name}: {path} differs"
                for path in sorted(set(was) | set(now))
                if was.get(path) != now.get(path) and (strict or path not in made)
            ]
    if not same_arithmetic:
        print("embeddings differ in their last digits: dvc.lock was made on another kind of CPU")
    return problems


if __name__ == "__main__":
    problems = differences(*(yaml.safe_load(Path(name).read_text()) for name in sys.argv[1:3]))
    print("\n".join(problems) or "dvc.lock: unchanged")
    sys.exit(bool(problems))
