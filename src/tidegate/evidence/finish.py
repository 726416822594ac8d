"""What is made of a bundle once all of it is there: fingerprint, HAR, report, and the zip of a red run."""

from __future__ import annotations

from tidegate.evidence.collect import Collection
from tidegate.settings import Settings


def finish(collection: Collection, settings: Settings) -> None:
    """Writes each of them; one that fails costs none of the others."""
    from tidegate.evidence.bundle import open_bundle
    from tidegate.evidence.fingerprint import write_fingerprint
    from tidegate.evidence.har import write_har
    from tidegate.evidence.report import write_report
    from tidegate.evidence.retention import keep_run, remove_old

    folder, keep = collection.folder, settings.evidence.keep
    for what, write in (("fingerprint", write_fingerprint), ("HAR", write_har), ("report", write_report)):
        collection.attempt(f"the {what}", lambda write=write: write(open_bundle(folder)))  # type: ignore[misc]
    if collection.run.get("verdict") != "passed":
        collection.attempt("the zip of this run", lambda: keep_run(folder, str(collection.run.get("run")), keep))
    collection.attempt("the removal of old runs", lambda: remove_old(folder, keep))
