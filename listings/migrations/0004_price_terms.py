"""What the lowest price of an entry is for."""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

# The plan whose price, of one unit, one period or the whole, is the one that the entry shows.
FILL = """
UPDATE listings_catalogueentry AS entry SET price_terms = found.terms
FROM (
    SELECT DISTINCT ON (e.version_id) e.version_id, jsonb_build_object(
        'kind', p.kind, 'price_minor', p.price_minor, 'unit', p.unit,
        'per_count', p.per_count, 'period_days', p.period_days) AS terms
    FROM listings_catalogueentry e
    JOIN listings_version v ON v.id = e.version_id AND v.state = 'LISTED'
    JOIN listings_plan p ON p.version_id = e.version_id AND p.currency = e.currency
    WHERE e.price_from_minor = CASE p.kind
        WHEN 'free' THEN 0
        WHEN 'per_call' THEN greatest(1, (2 * p.price_minor + p.per_count) / (2 * p.per_count))
        ELSE p.price_minor END
    ORDER BY e.version_id, p.code
) AS found
WHERE found.version_id = entry.version_id
"""


class Migration(migrations.Migration):
    """Keep beside the lowest price of an entry what it is for."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("listings", "0003_removable_releases")]
    operations: ClassVar[list[Operation]] = [
        migrations.AddField(
            model_name="catalogueentry",
            name="price_terms",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
