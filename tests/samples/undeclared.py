"""Fields that the proxy sends and no model declares, so that they can be read only by key."""

from __future__ import annotations

UNDECLARED: dict[str, dict[str, str]] = {
    "relations between the proxy's tables, which it leaves empty": {
        "Budget": r"end_users|keys|model_access_groups|organization(_membership)?|projects|tags|team_membership",
        "Key": r"jwt_key_mappings|litellm_organization_table|litellm_project_table",
        "ObjectPermission": r"agents_table|end_users|organizations|projects|teams|users|verification_tokens",
        "Team": r"litellm_organization_table|projects",
        "User": r"invitations_(created|updated|user)|litellm_organization_table|verified_subjects",
    },
    "other fields of a user, which users.get declares": {"NewMember": r"\w+"},
    "LiteLLM's price list and its settings": {"DeploymentInfo": r"\w+"},
    "the error of one model of create_many, which `failure` declares": {"ChatCompletion": r"\w+"},
    "for the dashboard": {
        "ActivityTotals": r"api_key_limit|total_api_keys|entity_total_api_keys",
        "Readiness": r"show_\w+_warning",
        "TeamDetails": r"access_group_details|caller_edit_access|organization_models",
    },
}
"""For each reason: models, and the names of their fields as a regular expression."""
