"""What the peers' tests share. `suite` is an adopter's: it runs in the projects that the tests make."""

collect_ignore = ["suite"]
