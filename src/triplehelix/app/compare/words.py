"""What the measures of a comparison are called, and what their intervals say."""

LABELS = {
    "n_organisations": "Organisations", "n_activities": "Activities",
    "helix_activity_share_academia": "Academia", "helix_activity_share_industry": "Industry",
    "helix_activity_share_health": "Health", "helix_activity_share_government": "Government",
    "helix_activity_share_nonprofit": "Non-profit", "helix_balance": "Balance of helices",
    "local_share": "Local", "national_share": "National", "international_share": "International",
    "trend": "Part of all activity, since against before",
}  # fmt: skip

# What was measured, on which scale, and what its interval says.
HELICES = (
    *((f"helix_activity_share_{helix}", "shares", "effective")
      for helix in ("academia", "industry", "health", "government", "nonprofit")),
    ("helix_balance", "shares", "balance"),
)  # fmt: skip
REACH = tuple(
    (f"{scope}_share", "shares", "reach") for scope in ("local", "national", "international")
)

SAYS = {
    "drawn": "95 %: organisations and activities drawn anew (two-way bootstrap)",
    "counted": "counted, not estimated; what the sources lack is missing",
    "effective": "share of fractional activity; 95 % by Wilson's score on the effective number of "
    "activities",
    "balance": "evenness of members over academia, industry and health; 1 is even; 95 % by the "
    "delta method",
    "reach": "share of activities; 95 % by Wilson's score",
    "share": "share of participations; 95 % by Wilson's score on the effective number of "
    "activities",
    "quotient": "location quotient: 1 is as everywhere; 95 % by the log method of Katz",
    "trend": "ratio of its parts of all activity, among activities of about as many "
    "organisations; 1 is no change; 95 % by the log method",
}  # fmt: skip
