import core.fields
import core.ids
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

from core.sqlfiles import install_sql, together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0002_functions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = together([
        BtreeGistExtension(),
        install_sql('settlement', 'sum'),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('address', models.CharField(max_length=64)),
                ('kind', models.CharField(choices=[('custody', "client money at the organisation's disposal"), ('held', 'client money reserved for trades'), ('payable', 'owed to the organisation'), ('payout', "on its way to the organisation's bank"), ('fees', 'due to the venue'), ('fund', 'due to the public-interest fund'), ('unmatched', 'received by the bank, owner not yet known'), ('bank', 'at the custody bank')], max_length=12)),
                ('currency', core.fields.CurrencyField(default='CNY', max_length=3)),
                ('side', models.CharField(choices=[('debit', 'debit'), ('credit', 'credit')], default='credit', max_length=6)),
                ('floor_minor', core.fields.MinorField(blank=True, default=0, help_text='empty: no floor', null=True)),
                ('hot', models.BooleanField(default=False)),
                ('organisation', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='core.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=64)),
                ('currency', core.fields.CurrencyField(default='CNY', max_length=3)),
                ('amount_minor', core.fields.MinorField()),
                ('captured_minor', core.fields.MinorField(db_default=0, default=0)),
                ('voided_minor', core.fields.MinorField(db_default=0, default=0)),
                ('state', core.fields.StateField(choices=[('HELD', 'held'), ('CAPTURED', 'captured'), ('VOIDED', 'voided'), ('EXPIRED', 'expired')], db_default=models.Value('HELD'), default='HELD', max_length=24)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='PayoutBatch',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('currency', core.fields.CurrencyField(default='CNY', max_length=3)),
                ('total_minor', core.fields.MinorField()),
                ('payout_count', models.IntegerField()),
                ('state', core.fields.StateField(choices=[('PREPARED', 'prepared'), ('CONFIRMED', 'confirmed'), ('DISCARDED', 'discarded')], default='PREPARED', max_length=24)),
                ('created_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name_plural': 'payout batches',
            },
        ),
        migrations.CreateModel(
            name='PayoutInstruction',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=35, unique=True)),
                ('amount_minor', core.fields.MinorField()),
                ('currency', core.fields.CurrencyField(default='CNY', max_length=3)),
                ('state', core.fields.StateField(choices=[('PREPARED', 'prepared'), ('CONFIRMED', 'confirmed'), ('SENT', 'sent to the bank'), ('PAID', 'paid'), ('REJECTED', 'rejected by the bank'), ('DISCARDED', 'discarded')], default='PREPARED', max_length=24)),
                ('reason', models.CharField(blank=True, default='', max_length=500)),
                ('tries', models.IntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('paid_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='PostingGroup',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=120)),
                ('code', models.CharField(max_length=24)),
                ('input_hash', core.fields.DigestField(max_length=64)),
                ('reason', models.CharField(blank=True, db_default='', default='', max_length=500)),
                ('booked_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SettlementRequest',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=64)),
                ('held_account_id', models.BigIntegerField()),
                ('currency', core.fields.CurrencyField(default='CNY', max_length=3)),
                ('price_minor', core.fields.MinorField()),
                ('amount_minor', core.fields.MinorField()),
                ('account_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('parts', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('input_hash', core.fields.DigestField(max_length=64)),
                ('state', core.fields.StateField(choices=[('REQUESTED', 'requested'), ('SETTLED', 'settled'), ('FAILED', 'failed')], default='REQUESTED', max_length=24)),
                ('reason', models.CharField(blank=True, default='', max_length=200)),
                ('requested_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SettlementTerms',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('digest', core.fields.DigestField(max_length=64, unique=True)),
                ('plan', models.JSONField()),
                ('fee', models.JSONField()),
            ],
            options={
                'verbose_name_plural': 'settlement terms',
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('line', models.SmallIntegerField()),
                ('amount_minor', core.fields.MinorField()),
                ('currency', core.fields.CurrencyField(default='CNY', max_length=3)),
                ('code', models.CharField(max_length=24)),
                ('booked_at', models.DateTimeField()),
                ('value_date', models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Balance',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='balance', serialize=False, to='settlement.account')),
                ('sign', models.SmallIntegerField(help_text='+1 if credits make it grow, else −1')),
                ('floor_minor', core.fields.MinorField(blank=True, null=True)),
                ('minor', core.fields.MinorField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='BalanceSnapshot',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('upto_transfer_id', models.BigIntegerField()),
                ('minor', core.fields.MinorField()),
                ('at', models.DateTimeField()),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='settlement.account')),
            ],
        ),
        migrations.CreateModel(
            name='BankEntry',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('entry_id', models.CharField(max_length=64, unique=True)),
                ('sequence', models.BigIntegerField(unique=True)),
                ('kind', models.CharField(choices=[('deposit', 'deposit'), ('payment', 'payment')], max_length=8)),
                ('sub_account', models.CharField(blank=True, max_length=64)),
                ('bank_reference', models.CharField(blank=True, max_length=140)),
                ('amount_minor', core.fields.MinorField()),
                ('currency', core.fields.CurrencyField(default='CNY', max_length=3)),
                ('stated_minor', core.fields.MinorField()),
                ('value_date', models.DateField()),
                ('state', core.fields.StateField(choices=[('UNMATCHED', 'unmatched'), ('BOOKED', 'booked')], max_length=24)),
                ('turn', models.IntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='core.organisation')),
            ],
            options={
                'verbose_name_plural': 'bank entries',
            },
        ),
        migrations.CreateModel(
            name='FeeSchedule',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('currency', core.fields.CurrencyField(default='CNY', max_length=3)),
                ('effective_from', models.DateTimeField()),
                ('effective_until', models.DateTimeField(blank=True, null=True)),
                ('lines', models.JSONField()),
                ('set_by_id', models.BigIntegerField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('currency', '='), (models.Func(models.F('effective_from'), models.F('effective_until'), function='TSTZRANGE', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&')], name='fee_schedule_no_overlap')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='feeschedule',
            trigger=pgtrigger.compiler.Trigger(name='fee_schedule_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."effective_from" IS DISTINCT FROM (NEW."effective_from") OR OLD."lines" IS DISTINCT FROM (NEW."lines"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='bb73ed994653ea9aba33914dd2cf4332a64c3344', operation='UPDATE', pgid='pgtrigger_fee_schedule_frozen_abe5d', table='settlement_feeschedule', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='feeschedule',
            trigger=pgtrigger.compiler.Trigger(name='fee_schedule_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='89dc102027ceacef373cf924543364bc398331c7', operation='DELETE', pgid='pgtrigger_fee_schedule_kept_bfa81', table='settlement_feeschedule', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='feeschedule',
            trigger=pgtrigger.compiler.Trigger(name='fee_schedule_whole', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='1738dd7110d7b60a9bd6c67b9d1eaee32600c0c0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_fee_schedule_whole_bb1e4', table='settlement_feeschedule', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='hold',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='core.organisation'),
        ),
        migrations.AddField(
            model_name='payoutbatch',
            name='checker',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='payoutbatch',
            name='maker',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='payoutinstruction',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instructions', to='settlement.payoutbatch'),
        ),
        migrations.AddField(
            model_name='payoutinstruction',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.organisation'),
        ),
        migrations.AddField(
            model_name='postinggroup',
            name='reverses',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='settlement.postinggroup'),
        ),
        migrations.AddField(
            model_name='settlementrequest',
            name='hold',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='settlement.hold'),
        ),
        migrations.AddField(
            model_name='settlementrequest',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation'),
        ),
        migrations.AddField(
            model_name='settlementrequest',
            name='vendor',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation'),
        ),
        migrations.AddField(
            model_name='settlementrequest',
            name='terms',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='settlement.settlementterms'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementterms',
            trigger=pgtrigger.compiler.Trigger(name='settlement_terms_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e80460ea6e292c1da8bdf1e65dc2b4a9f2f10ddf', operation='UPDATE OR DELETE', pgid='pgtrigger_settlement_terms_rows_a4be9', table='settlement_settlementterms', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementterms',
            trigger=pgtrigger.compiler.Trigger(name='settlement_terms_whole', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='62660f86bd356eaa7f077f695faf7bcf19be6dea', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_settlement_terms_whole_1bef2', table='settlement_settlementterms', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='transfer',
            name='credit',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='settlement.account'),
        ),
        migrations.AddField(
            model_name='transfer',
            name='debit',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='settlement.account'),
        ),
        migrations.AddField(
            model_name='transfer',
            name='group',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='settlement.postinggroup'),
        ),
        migrations.AddConstraint(
            model_name='balance',
            constraint=models.CheckConstraint(condition=models.Q(('floor_minor__isnull', True), ('minor__gte', models.F('floor_minor')), _connector='OR'), name='settlement_balance_floor'),
        ),
        migrations.AddConstraint(
            model_name='balance',
            constraint=models.CheckConstraint(condition=models.Q(('sign__in', [1, -1])), name='balance_sign'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='balance',
            trigger=pgtrigger.compiler.Trigger(name='balance_by_transfer', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='7e5009cfd42db8a37bd2454fe9e89180fe39b64e', operation='UPDATE', pgid='pgtrigger_balance_by_transfer_4f833', table='settlement_balance', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='balance',
            trigger=pgtrigger.compiler.Trigger(name='balance_begins_empty', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.minor <> 0)', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='5de80e4830ccac26c390b26433e2ce38feea5cd0', operation='INSERT', pgid='pgtrigger_balance_begins_empty_69ae9', table='settlement_balance', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='balance',
            trigger=pgtrigger.compiler.Trigger(name='balance_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='3aa3ca02cdca417907bb1caedb39097004fd7fd4', operation='DELETE', pgid='pgtrigger_balance_kept_9283e', table='settlement_balance', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='balance',
            trigger=pgtrigger.compiler.Trigger(name='balance_whole', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='c1ee5ba8d94c87296732e529e0bcd18b0c805722', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_balance_whole_f0bb8', table='settlement_balance', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.UniqueConstraint(fields=('address', 'currency'), name='account_address'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.UniqueConstraint(condition=models.Q(('organisation__isnull', False)), fields=('organisation', 'currency', 'kind'), name='account_of_organisation'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='account',
            trigger=pgtrigger.compiler.Trigger(name='account_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."address" IS DISTINCT FROM (NEW."address") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."floor_minor" IS DISTINCT FROM (NEW."floor_minor") OR OLD."hot" IS DISTINCT FROM (NEW."hot") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."side" IS DISTINCT FROM (NEW."side"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='b55f367720cfff28b6a85f68464130f1ff4ab219', operation='UPDATE', pgid='pgtrigger_account_frozen_c2be2', table='settlement_account', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='account',
            trigger=pgtrigger.compiler.Trigger(name='account_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='4a15412346bb92d7589e27e9b00d9818d6f2d73a', operation='DELETE', pgid='pgtrigger_account_kept_962e5', table='settlement_account', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='account',
            trigger=pgtrigger.compiler.Trigger(name='account_whole', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='7c85967522ba53890aeeb042c9e8145cf09531fe', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_account_whole_83c3e', table='settlement_account', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='balancesnapshot',
            constraint=models.UniqueConstraint(fields=('account', 'upto_transfer_id'), name='balance_snapshot_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='balancesnapshot',
            trigger=pgtrigger.compiler.Trigger(name='balance_snapshot_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d4f1db83a7139a0faa8fbc950f8a75dee24b667a', operation='UPDATE OR DELETE', pgid='pgtrigger_balance_snapshot_rows_826a7', table='settlement_balancesnapshot', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='balancesnapshot',
            trigger=pgtrigger.compiler.Trigger(name='balance_snapshot_whole', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='576116c82d9dd5928efac4573142f6fe1c3d59f4', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_balance_snapshot_whole_615d6', table='settlement_balancesnapshot', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='bankentry',
            index=models.Index(condition=models.Q(('state', 'UNMATCHED')), fields=['id'], name='bank_entry_unmatched'),
        ),
        migrations.AddConstraint(
            model_name='bankentry',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='bank_entry_positive'),
        ),
        migrations.AddConstraint(
            model_name='bankentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', True), ('state', 'UNMATCHED')), models.Q(('organisation__isnull', False), ('state', 'BOOKED')), _connector='OR'), name='bank_entry_owner'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bankentry',
            trigger=pgtrigger.compiler.Trigger(name='bank_entry_born', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.state NOT IN ('BOOKED', 'UNMATCHED'))", func="RAISE EXCEPTION 'bank-entry cannot begin as %', NEW.state USING ERRCODE = 'check_violation';", hash='82fef63f38c1421b9590f39be57fa9b39e9de674', operation='INSERT', pgid='pgtrigger_bank_entry_born_4efa1', table='settlement_bankentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bankentry',
            trigger=pgtrigger.compiler.Trigger(name='bank_entry_states', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{UNMATCHED:BOOKED,BOOKED:UNMATCHED}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='18dd90bb16d78021e649aff1b53e409a278fce4a', operation='UPDATE', pgid='pgtrigger_bank_entry_states_8a9ab', table='settlement_bankentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bankentry',
            trigger=pgtrigger.compiler.Trigger(name='bank_entry_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."amount_minor" IS DISTINCT FROM (NEW."amount_minor") OR OLD."bank_reference" IS DISTINCT FROM (NEW."bank_reference") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."entry_id" IS DISTINCT FROM (NEW."entry_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."sequence" IS DISTINCT FROM (NEW."sequence") OR OLD."stated_minor" IS DISTINCT FROM (NEW."stated_minor") OR OLD."sub_account" IS DISTINCT FROM (NEW."sub_account") OR OLD."value_date" IS DISTINCT FROM (NEW."value_date"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='f7032b21970898c27fb2ea34014920f08040e2c6', operation='UPDATE', pgid='pgtrigger_bank_entry_frozen_10d9c', table='settlement_bankentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bankentry',
            trigger=pgtrigger.compiler.Trigger(name='bank_entry_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='c1899b633855a5c36a9929d8b08c4c5e0105c134', operation='DELETE', pgid='pgtrigger_bank_entry_kept_3498f', table='settlement_bankentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bankentry',
            trigger=pgtrigger.compiler.Trigger(name='bank_entry_whole', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='1a3680474cc9ccebc575a3b72795bbb1bd8d0469', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_bank_entry_whole_2d3b6', table='settlement_bankentry', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(condition=models.Q(('expires_at__isnull', False)), fields=['expires_at'], name='hold_expiring'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.UniqueConstraint(fields=('reference',), name='settlement_hold_reference_key'),
        ),
        migrations.AddConstraint(
            model_name='postinggroup',
            constraint=models.UniqueConstraint(fields=('reference',), name='settlement_postinggroup_reference_key'),
        ),
        migrations.AddConstraint(
            model_name='settlementrequest',
            constraint=models.UniqueConstraint(fields=('reference',), name='settlement_settlementrequest_reference_key'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0), ('amount_minor__gte', django.db.models.expressions.CombinedExpression(models.F('captured_minor'), '+', models.F('voided_minor'))), ('captured_minor__gte', 0), ('voided_minor__gte', 0)), name='hold_not_overspent'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('captured_minor', 0), ('state', 'HELD'), ('voided_minor__lt', models.F('amount_minor'))), models.Q(('amount_minor', django.db.models.expressions.CombinedExpression(models.F('captured_minor'), '+', models.F('voided_minor'))), ('captured_minor__gt', 0), ('state', 'CAPTURED')), models.Q(('captured_minor', 0), ('state__in', ['VOIDED', 'EXPIRED']), ('voided_minor', models.F('amount_minor'))), _connector='OR'), name='hold_state_of_amounts'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'HELD'), ('expires_at__isnull', True), _connector='OR'), name='hold_closed_without_expiry'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='hold_born', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.state NOT IN ('HELD'))", func="RAISE EXCEPTION 'hold cannot begin as %', NEW.state USING ERRCODE = 'check_violation';", hash='b6f3b817765d76a59a803038e9d0272c4cd205ca', operation='INSERT', pgid='pgtrigger_hold_born_f6a75', table='settlement_hold', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='hold_states', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{HELD:CAPTURED,HELD:EXPIRED,HELD:VOIDED}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='234f062ca2b0805b5a2c01e809e3e800dd698e39', operation='UPDATE', pgid='pgtrigger_hold_states_6ed2c', table='settlement_hold', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='hold_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."amount_minor" IS DISTINCT FROM (NEW."amount_minor") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."reference" IS DISTINCT FROM (NEW."reference"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='b2d72a7d02be2ff8be3ff0fa7e472ed930346dcb', operation='UPDATE', pgid='pgtrigger_hold_frozen_08797', table='settlement_hold', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='hold_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='49fddf33809460280a9f315b825295a4adfe0805', operation='DELETE', pgid='pgtrigger_hold_kept_08f81', table='settlement_hold', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='hold_whole', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='0886f579343c29cac1bb49fb48aa70126f51aecc', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_hold_whole_a004d', table='settlement_hold', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='payoutbatch',
            constraint=models.CheckConstraint(condition=models.Q(('checker__isnull', True), models.Q(('checker', models.F('maker')), _negated=True), _connector='OR'), name='payout_batch_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='payoutbatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'CONFIRMED'), _negated=True), ('checker__isnull', False), _connector='OR'), name='payout_batch_checked'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutbatch',
            trigger=pgtrigger.compiler.Trigger(name='payout_batch_born', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.state NOT IN ('PREPARED'))", func="RAISE EXCEPTION 'payout-batch cannot begin as %', NEW.state USING ERRCODE = 'check_violation';", hash='c8ecf393bfd22f684b7f60c074cd0e818c7ebd6a', operation='INSERT', pgid='pgtrigger_payout_batch_born_368da', table='settlement_payoutbatch', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutbatch',
            trigger=pgtrigger.compiler.Trigger(name='payout_batch_states', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{PREPARED:CONFIRMED,PREPARED:DISCARDED}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='ac7f1ca10b5f5c5b5ed65c67b94735f9c7f8121e', operation='UPDATE', pgid='pgtrigger_payout_batch_states_690d3', table='settlement_payoutbatch', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutbatch',
            trigger=pgtrigger.compiler.Trigger(name='payout_batch_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."maker_id" IS DISTINCT FROM (NEW."maker_id") OR OLD."payout_count" IS DISTINCT FROM (NEW."payout_count") OR OLD."total_minor" IS DISTINCT FROM (NEW."total_minor"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='2295b5eac8bd0626d3ae3cb00899fd97681cefd0', operation='UPDATE', pgid='pgtrigger_payout_batch_frozen_56e5a', table='settlement_payoutbatch', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutbatch',
            trigger=pgtrigger.compiler.Trigger(name='payout_batch_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='0bc9425b56ef76f5d3006ead82ade9f7da171cec', operation='DELETE', pgid='pgtrigger_payout_batch_kept_e94b9', table='settlement_payoutbatch', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='payoutinstruction',
            index=models.Index(condition=models.Q(('state__in', ['CONFIRMED', 'SENT'])), fields=['id'], name='payout_under_way'),
        ),
        migrations.AddConstraint(
            model_name='payoutinstruction',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='payout_positive'),
        ),
        migrations.AddConstraint(
            model_name='payoutinstruction',
            constraint=models.UniqueConstraint(fields=('batch', 'organisation'), name='payout_once_a_batch'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutinstruction',
            trigger=pgtrigger.compiler.Trigger(name='payout_born', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.state NOT IN ('PREPARED'))", func="RAISE EXCEPTION 'payout cannot begin as %', NEW.state USING ERRCODE = 'check_violation';", hash='895e9ffd4195c8c7de202e75fb2294421d992385', operation='INSERT', pgid='pgtrigger_payout_born_1fc4c', table='settlement_payoutinstruction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutinstruction',
            trigger=pgtrigger.compiler.Trigger(name='payout_states', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{PREPARED:CONFIRMED,PREPARED:DISCARDED,CONFIRMED:SENT,SENT:PAID,SENT:REJECTED}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='6aa67a5f1d4dc6577d71937dd5081e344f069223', operation='UPDATE', pgid='pgtrigger_payout_states_581b0', table='settlement_payoutinstruction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutinstruction',
            trigger=pgtrigger.compiler.Trigger(name='payout_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."amount_minor" IS DISTINCT FROM (NEW."amount_minor") OR OLD."batch_id" IS DISTINCT FROM (NEW."batch_id") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."reference" IS DISTINCT FROM (NEW."reference"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='aaf4a08153c4f07e86db7391d499cf143e7a45d3', operation='UPDATE', pgid='pgtrigger_payout_frozen_b98c6', table='settlement_payoutinstruction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutinstruction',
            trigger=pgtrigger.compiler.Trigger(name='payout_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='ee5574f9495dd3d296da8060f4af43f5134be8d6', operation='DELETE', pgid='pgtrigger_payout_kept_8beb8', table='settlement_payoutinstruction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payoutinstruction',
            trigger=pgtrigger.compiler.Trigger(name='payout_whole', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='e893ed89d5455c64547bde831f87b9feb5612ac5', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_payout_whole_ec4b4', table='settlement_payoutinstruction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='postinggroup',
            trigger=pgtrigger.compiler.Trigger(name='posting_group_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e3027da5e83642581b37c3b21c5e1bb53fd4d8f6', operation='UPDATE OR DELETE', pgid='pgtrigger_posting_group_rows_01d1f', table='settlement_postinggroup', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='postinggroup',
            trigger=pgtrigger.compiler.Trigger(name='posting_group_whole', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='920185c1c53c952b0aa77e2ef83793979922fdc8', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_posting_group_whole_a2012', table='settlement_postinggroup', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='settlementrequest',
            index=models.Index(condition=models.Q(('state', 'REQUESTED')), fields=['id'], name='settlement_due'),
        ),
        migrations.AddConstraint(
            model_name='settlementrequest',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor', models.Func(models.F('parts'), function='settlement_sum', output_field=core.fields.MinorField()))), name='settlement_parts_sum'),
        ),
        migrations.AddConstraint(
            model_name='settlementrequest',
            constraint=models.CheckConstraint(condition=models.Q(('account_ids__len', models.F('parts__len'))), name='settlement_account_of_part'),
        ),
        migrations.AddConstraint(
            model_name='settlementrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_minor', 0), ('hold__isnull', True)), models.Q(('amount_minor__gt', 0), ('hold__isnull', False)), _connector='OR'), name='settlement_out_of_hold'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementrequest',
            trigger=pgtrigger.compiler.Trigger(name='settlement_born', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.state NOT IN ('REQUESTED'))", func="RAISE EXCEPTION 'settlement cannot begin as %', NEW.state USING ERRCODE = 'check_violation';", hash='1217ef11ebdbb2476637a4588687e27e3441d290', operation='INSERT', pgid='pgtrigger_settlement_born_78843', table='settlement_settlementrequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementrequest',
            trigger=pgtrigger.compiler.Trigger(name='settlement_states', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{REQUESTED:FAILED,REQUESTED:SETTLED,FAILED:REQUESTED}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='adb52a0496dad7e8796273dc589560e2f79d2abe', operation='UPDATE', pgid='pgtrigger_settlement_states_c81e2', table='settlement_settlementrequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementrequest',
            trigger=pgtrigger.compiler.Trigger(name='settlement_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."account_ids" IS DISTINCT FROM (NEW."account_ids") OR OLD."amount_minor" IS DISTINCT FROM (NEW."amount_minor") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."held_account_id" IS DISTINCT FROM (NEW."held_account_id") OR OLD."hold_id" IS DISTINCT FROM (NEW."hold_id") OR OLD."input_hash" IS DISTINCT FROM (NEW."input_hash") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."parts" IS DISTINCT FROM (NEW."parts") OR OLD."price_minor" IS DISTINCT FROM (NEW."price_minor") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."requested_at" IS DISTINCT FROM (NEW."requested_at") OR OLD."terms_id" IS DISTINCT FROM (NEW."terms_id") OR OLD."vendor_id" IS DISTINCT FROM (NEW."vendor_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='d5eb0dfadcdd81ad4ad6995e6cb66e5979a72372', operation='UPDATE', pgid='pgtrigger_settlement_frozen_5657d', table='settlement_settlementrequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementrequest',
            trigger=pgtrigger.compiler.Trigger(name='settlement_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='933f9f4d7d66db61f0f40d85765d098b3a65018e', operation='DELETE', pgid='pgtrigger_settlement_kept_ace84', table='settlement_settlementrequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementrequest',
            trigger=pgtrigger.compiler.Trigger(name='settlement_whole', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='cc49c3edd46bc289f686d39de8c65a26e086aca9', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_settlement_whole_8edb1', table='settlement_settlementrequest', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(fields=['debit', 'id'], name='transfer_debit'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(fields=['credit', 'id'], name='transfer_credit'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='transfer_positive'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('debit', models.F('credit')), _negated=True), name='transfer_two_accounts'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transfer',
            trigger=pgtrigger.compiler.Trigger(name='transfer_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f7430aaa0c51b8bd969874fdd81f333765e27672', operation='UPDATE OR DELETE', pgid='pgtrigger_transfer_rows_f79a9', table='settlement_transfer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transfer',
            trigger=pgtrigger.compiler.Trigger(name='transfer_whole', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;", hash='d1b02029e73093ea538a5f7ec650da70c8eacf85', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_transfer_whole_b0f40', table='settlement_transfer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transfer',
            trigger=pgtrigger.compiler.Trigger(name='transfer_turn', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM pg_advisory_xact_lock_shared(7021996001); RETURN NULL;', hash='aad30c8e3fb00a9c87b4a8f7fdbd6bf6966680d1', level='STATEMENT', operation='INSERT', pgid='pgtrigger_transfer_turn_575c4', table='settlement_transfer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transfer',
            trigger=pgtrigger.compiler.Trigger(name='transfer_applied', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF EXISTS (\n    SELECT 1\n    FROM new_rows t\n    LEFT JOIN settlement_account d ON d.id = t.debit_id\n    LEFT JOIN settlement_account c ON c.id = t.credit_id\n    LEFT JOIN settlement_postinggroup g ON g.id = t.group_id\n    WHERE d.id IS NULL OR c.id IS NULL OR g.id IS NULL\n       OR d.currency <> t.currency OR c.currency <> t.currency\n) THEN\n    RAISE EXCEPTION 'a transfer needs a group and two accounts of its own currency'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_accounts';\nEND IF;\nPERFORM 1 FROM settlement_balance b\nWHERE b.account_id IN (SELECT debit_id FROM new_rows UNION SELECT credit_id FROM new_rows)\nORDER BY b.account_id FOR UPDATE;\nUPDATE settlement_balance b SET minor = b.minor + b.sign * moved.minor\nFROM (\n    SELECT account_id, sum(minor)::bigint AS minor\n    FROM (SELECT credit_id AS account_id, amount_minor AS minor FROM new_rows\n          UNION ALL\n          SELECT debit_id, -amount_minor FROM new_rows) legs\n    GROUP BY account_id\n) moved\nWHERE b.account_id = moved.account_id AND moved.minor <> 0;\nRETURN NULL;\n", hash='62a99a91b9c94bfe4fb732c1bb06270e0facdca0', level='STATEMENT', operation='INSERT', pgid='pgtrigger_transfer_applied_ea912', referencing='REFERENCING NEW TABLE AS new_rows ', table='settlement_transfer', when='AFTER')),
        ),
    ])
