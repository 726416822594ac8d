"""What is made of a bundle once all of it is there: fingerprint, HAR, report, and the zip of a red run."""

from __future__ import annotations

from tidegate.evidence.collect import Collection
from tidegate.settings import Settings


def finish(collection: Collection, settings: Settings) -> None:
    """Writes each of them; one that fails costs none of the others."""
    from tidegate.evidence.bundle import open_bundle
    from tidegate.evidence.fingerprint import write_fingerprint
    from tidegate.evidence.har import write_har
    from tidegate.evidence.kept import keep_run, remove_old
    from tidegate.evidence.report import write_report

    folder, keep = collection.folder, settings.evidence.keep
    collection.attempt("the fingerprint", lambda: write_fingerprint(open_bundle(folder)))
    collection.attempt("run.har", lambda: write_har(open_bundle(folder)))
    collection.attempt("the report", lambda: write_report(open_bundle(folder)))
    if collection.run.get("verdict") != "passed":
        collection.attempt("the zip of this run", lambda: keep_run(folder, str(collection.run.get("run")), keep))
    collection.attempt("the removal of old runs", lambda: remove_old(folder, keep))
