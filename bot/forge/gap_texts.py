"""What each gap of a gate means, and what to do about it. Exhaustive: a gap without a text fails the tests."""

from collections.abc import Mapping
from typing import Final

from config.texts import _
from workflows.continuity import Effect, Gap

EFFECTS: Final[Mapping[Effect, str]] = {
    Effect.EFFECTIVE: _("holds"),
    Effect.UNKNOWN: _("not to be seen"),
    Effect.DEGRADED: _("holds with gaps"),
    Effect.OFF: _("only informs"),
}
"""What a gate is worth."""

WHAT: Final[Mapping[Gap, str]] = {
    Gap.OBSERVING: _("The gate only observes: verdicts are shown and hold nothing."),
    Gap.PLAN: _("This plan has no rules for private repositories: a merge past the gate is found afterwards."),
    Gap.NOT_REQUIRED: _("Nobody has to pass wachbuch/gate on {branches}."),
    Gap.OTHER_SOURCE: _("wachbuch/gate is required from another app: its word counts, not ours."),
    Gap.ANY_SOURCE: _("wachbuch/gate is accepted from anybody with write access."),
    Gap.BYPASS: _("Somebody may pass the rule by."),
    Gap.ADMINS: _("The rule spares administrators."),
    Gap.RULES_UNSEEN: _("The rules of the branch are not shown to us."),
    Gap.BYPASS_UNSEEN: _("Who may pass the rule by is shown to administrators only."),
    Gap.HOOK_MISSING: _("There is no webhook that calls Wachbuch."),
    Gap.HOOK_UNSEEN: _("The project has no webhook of its own, and those of its groups are not shown to us."),
    Gap.HOOK_OFF: _("The webhook is switched off."),
    Gap.HOOK_ELSEWHERE: _("The webhook calls another address."),
    Gap.HOOK_EVENTS: _("The webhook is not subscribed to: {events}."),
    Gap.HOOK_FAILING: _("Most deliveries of the webhook fail."),
    Gap.PERMISSIONS: _("Permissions are missing: {permissions}."),
    Gap.UNREACHED: _("The repository is not reached with our credentials."),
    Gap.UNCOVERED: _("The policy does not cover the repository any more."),
    Gap.SERVICE_DOWN: _("Wachbuch was not running."),
    Gap.PIPELINES_OPTIONAL: _("A merge does not wait for a successful pipeline."),
    Gap.UNPROTECTED: _("A judged branch is not protected: {branches}."),
    Gap.SKIPPED_PIPELINES: _("Skipped pipelines count as successful."),
}
"""What is missing, as a sentence. Placeholders: `branches`, `events`, `permissions`."""

THEN: Final[Mapping[Gap, str]] = {
    Gap.OBSERVING: _("When the verdicts are right: wachbuch gate enforce {repository}"),
    Gap.PLAN: _("Use a plan with rulesets, and let the pipeline ask: wachbuch gate check"),
    Gap.NOT_REQUIRED: _("Settings → Rules → Rulesets: active, require the status check wachbuch/gate."),
    Gap.OTHER_SOURCE: _("Choose your own app as the source of the required check."),
    Gap.ANY_SOURCE: _("Choose your own app as the source of the required check; this takes a GitHub App."),
    Gap.BYPASS: _("Empty the bypass list of the ruleset; in an emergency there is /change emergency."),
    Gap.ADMINS: _("Let the rule hold for administrators as well."),
    Gap.RULES_UNSEEN: _("Give the token or App the permission to read administration."),
    Gap.BYPASS_UNSEEN: _("Look at the bypass list of the ruleset yourself: it should be empty."),
    Gap.HOOK_MISSING: _("Add the webhook as docs/github.md or docs/gitlab.md says."),
    Gap.HOOK_UNSEEN: _("Add one to the project, or take a token with the role Owner in the group that has it."),
    Gap.HOOK_OFF: _("Switch it on in the settings of the repository, group or App."),
    Gap.HOOK_ELSEWHERE: _("Set its address to the public address of this service."),
    Gap.HOOK_EVENTS: _("Subscribe it to these events as well."),
    Gap.HOOK_FAILING: _("Its recent deliveries show the answers: 401 is a wrong secret."),
    Gap.PERMISSIONS: _("Grant them, and accept the change in the installation."),
    Gap.UNREACHED: _("Install the App there, or give the token access."),
    Gap.UNCOVERED: _("Name it under change.repositories where it should be judged."),
    Gap.SERVICE_DOWN: _("Look at the merges of that time."),
    Gap.PIPELINES_OPTIONAL: _("Settings → Merge requests → Pipelines must succeed."),
    Gap.UNPROTECTED: _("Settings → Repository → Protected branches."),
    Gap.SKIPPED_PIPELINES: _("Settings → Merge requests: do not treat skipped pipelines as successful."),
}
"""What to do."""
