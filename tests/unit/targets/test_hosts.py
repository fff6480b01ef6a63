from deployment_drift.targets.hosts import HARDENED, Recipe


def test_recipe_is_ordinary_unless_told() -> None:
    """A host is an ordinary container on port 80 unless its recipe says otherwise."""
    recipe = Recipe("local", "sha256:1")
    assert (recipe.port, recipe.hardened, dict(recipe.env)) == (80, False, {})
    assert (recipe.network, dict(recipe.volumes)) == ("", {})


def test_hardened_means_least_privilege() -> None:
    """A hardened host has a read-only root, no capability, and can gain none."""
    assert HARDENED["read_only"]
    assert HARDENED["cap_drop"] == ["ALL"]
    assert HARDENED["security_opt"] == ["no-new-privileges"]
    assert sorted(HARDENED["tmpfs"]) == ["/run", "/tmp"]  # noqa: S108 - inside the host
