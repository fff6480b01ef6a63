"""No secret leaves its host by any way: what is planted is in nothing that is told."""

import os
import re
import subprocess
import sys
from pathlib import Path

from deployment_drift import paths

WORDS = ("moonlight", "moonshine")
FILES = {  # in each place a secret of its own, as ~01, ~02 …
    ".env": (
        "APP_KEY=base64:~01aaaaaaaa\nDB_PASSWORD='~02 with blanks'\nDATABASE_URL=mysql://a:~03@db/s\n"
        "SENTRY_DSN=https://~04@sentry.example/1\nMAIL_PASSWORD=~05\nAWS_SECRET_ACCESS_KEY=~06\n"
        "AWS_ACCESS_KEY_ID=AKIA~07\nSTRIPE=sk_live_~08\nHOOK_TOKEN=~09\nREDIS_URL=redis://:~10@cache\n"
        "PARTNER_CODE=~11\nAPP_DEBUG=false\n"
    ),
    "wp-config.php": "<?php\ndefine('AUTH_KEY', '~12');\ndefine( 'DB_PASSWORD' , '~13' );\n",
    "config/database.php": "<?php return ['password' => '~14', 'host' => 'db'];\n",
    "config/services.yaml": "mail:\n  password: |\n    ~15\n  token: ~16\nsecret: '~17'\n",
    "auth.json": '{"http-basic": {"repo.example": {"username": "joe", "password": "~18"}}}\n',
    ".htpasswd": "joe:$apr1$~19$xxxxxxxxxxxxxxxxxxxxxx\n",
    "app.ini": "[mail]\nsmtp_pass = ~20\nsession.save_path = tcp://r:6379?auth=~21\n",
    "local.neon": "parameters:\n\tapikey: ~22\n",
    "parameters.yml": "webhook: https://hooks.example/~23\njwt: eyJ~24.~24.~24\n",
    ".htaccess": 'SetEnv API_TOKEN "~25"\nRequestHeader set Authorization "Bearer ~26"\n',
    "storage/private.key": "-----BEGIN PRIVATE KEY-----\n~27\n-----END PRIVATE KEY-----\n",
    "public/index.php": "<?php // ~28, in code that is told by its hash\n",
}


def plant(app: Path, word: str) -> None:
    """Write the application with its secrets, in each of which the word stands."""
    for name, text in FILES.items():
        (app / name).parent.mkdir(parents=True, exist_ok=True)
        (app / name).write_text(text.replace("~", word))


def test_planted_secrets_are_in_nothing_that_is_told(tmp_path: Path) -> None:
    """That they differ is said; they are in no output, no file that was written, and no log."""
    home, app = tmp_path / "home", tmp_path / "app"
    home.mkdir()
    (home / "drift.toml").write_text(f'applications = ["{app}"]\nsecrets = ["partner_code"]\n')
    environment = {**os.environ, "HOME": str(home), "DRIFT_KEY": "k" * 40, "DRIFT_DEBUG": "1"}
    environment |= {"XDG_STATE_HOME": str(home / "state"), "PYTHONPATH": str(paths.root())}
    said = []

    def run(*words: str, status: int = 0) -> str:
        ended = subprocess.run(
            words, capture_output=True, text=True, check=False, cwd=home, env=environment
        )
        assert ended.returncode == status, ended.stderr
        said.extend([ended.stdout, ended.stderr])
        return ended.stdout

    command = (sys.executable, "-m", "deployment_drift", "--search-root", str(paths.root()))
    plant(app, WORDS[0])
    run(*command, "snapshot", "local://", "--output", "then.json")
    plant(app, WORDS[1])
    (home / "drift.sh").write_text(run(*command, "snapshot", "--script"))
    (home / "now.snapshot").write_text(run("sh", "drift.sh"))
    sides = (*command, "compare", "--local", "then.json", "--release", "now.snapshot")
    files = ("--junit", "j.xml", "--markdown", "m.md", "--events", "e.jsonl")
    full = run(*sides, "--full", *files, status=1)
    run(*sides, "--json", status=1)
    for name in ("DB_PASSWORD", "PARTNER_CODE", "AUTH_KEY", "API_TOKEN", "smtp_pass"):
        assert name in full
    written = [path for path in home.rglob("*") if path.is_file()]
    assert {"j.xml", "m.md", "e.jsonl"} <= {path.name for path in written}
    told = [*said, *(path.read_text("utf-8", "replace") for path in written)]
    leaked = [text[at - 40 : at + 20] for text in told for at in places(text)]
    assert not leaked


def places(text: str) -> list[int]:
    """Return where one of the words stands."""
    return [found.start() for found in re.finditer("|".join(WORDS), text)]
