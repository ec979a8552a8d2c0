package io.cumulet.billing.domain.focus;

import io.cumulet.billing.domain.rating.Category;
import io.cumulet.kernel.Region;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The columns of FOCUS 1.2, by name. Left out are those of prices in another currency than the bill's, since there are none.
 *
 * @see <a href="https://focus.finops.org/focus-specification/v1-2/#columns">Columns</a>
 */
public enum FocusColumn {
    AVAILABILITY_ZONE("AvailabilityZone", Type.STRING, true, FocusEntry::zone),
    BILLED_COST("BilledCost", Type.DECIMAL, false, of -> of.costs().billed().usd()),
    BILLING_ACCOUNT_ID(
            "BillingAccountId", Type.STRING, false, of -> of.charge().payer().value()),
    /** Accounts have no names here. */
    BILLING_ACCOUNT_NAME("BillingAccountName", Type.STRING, true, of -> null),
    BILLING_ACCOUNT_TYPE("BillingAccountType", Type.STRING, false, of -> Words.ACCOUNT),
    BILLING_CURRENCY("BillingCurrency", Type.STRING, false, of -> Discount.USD),
    BILLING_PERIOD_END(
            "BillingPeriodEnd",
            Type.DATE_TIME,
            false,
            of -> of.of().billingPeriod().until()),
    BILLING_PERIOD_START(
            "BillingPeriodStart",
            Type.DATE_TIME,
            false,
            of -> of.of().billingPeriod().from()),
    CAPACITY_RESERVATION_ID(
            "CapacityReservationId", Type.STRING, true, of -> Words.unusedCapacity(of, of.resourceId())),
    CAPACITY_RESERVATION_STATUS(
            "CapacityReservationStatus", Type.STRING, true, of -> Words.unusedCapacity(of, "Unused")),
    CHARGE_CATEGORY("ChargeCategory", Type.STRING, false, of -> of.kind().chargeCategory),
    CHARGE_CLASS("ChargeClass", Type.STRING, true, of -> of.of().isCorrection() ? "Correction" : null),
    CHARGE_DESCRIPTION("ChargeDescription", Type.STRING, true, Words::describe),
    CHARGE_FREQUENCY("ChargeFrequency", Type.STRING, false, of -> of.kind().chargeFrequency),
    CHARGE_PERIOD_END("ChargePeriodEnd", Type.DATE_TIME, false, of -> null),
    CHARGE_PERIOD_START("ChargePeriodStart", Type.DATE_TIME, false, of -> null),
    COMMITMENT_DISCOUNT_CATEGORY("CommitmentDiscountCategory", Type.STRING, true, ofDiscount(Discount::category)),
    COMMITMENT_DISCOUNT_ID(
            "CommitmentDiscountId", Type.STRING, true, of -> of.charge().commitmentId()),
    /** Commitments can't be named here. */
    COMMITMENT_DISCOUNT_NAME("CommitmentDiscountName", Type.STRING, true, of -> null),
    COMMITMENT_DISCOUNT_QUANTITY(
            "CommitmentDiscountQuantity", Type.DECIMAL, true, unlessCorrection(ofDiscount(Discount::quantity))),
    COMMITMENT_DISCOUNT_STATUS("CommitmentDiscountStatus", Type.STRING, true, of -> of.kind().commitmentDiscountStatus),
    COMMITMENT_DISCOUNT_TYPE("CommitmentDiscountType", Type.STRING, true, ofDiscount(Discount::type)),
    COMMITMENT_DISCOUNT_UNIT("CommitmentDiscountUnit", Type.STRING, true, unlessCorrection(ofDiscount(Discount::unit))),
    CONSUMED_QUANTITY(
            "ConsumedQuantity",
            Type.DECIMAL,
            true,
            unlessCorrection(of -> of.pricing().consumed())),
    CONSUMED_UNIT(
            "ConsumedUnit",
            Type.STRING,
            true,
            unlessCorrection(of -> of.pricing().consumedUnit())),
    /** No discounts are negotiated here: the list's. */
    CONTRACTED_COST("ContractedCost", Type.DECIMAL, false, of -> of.pricing().listCost()),
    CONTRACTED_UNIT_PRICE(
            "ContractedUnitPrice",
            Type.DECIMAL,
            true,
            unlessCorrection(of -> of.pricing().listUnitPrice())),
    EFFECTIVE_COST(
            "EffectiveCost", Type.DECIMAL, false, of -> of.costs().effective().usd()),
    INVOICE_ID("InvoiceId", Type.STRING, true, of -> of.of().invoiceId()),
    INVOICE_ISSUER_NAME("InvoiceIssuerName", Type.STRING, false, of -> Words.PROVIDER),
    LIST_COST("ListCost", Type.DECIMAL, false, of -> of.pricing().listCost()),
    LIST_UNIT_PRICE(
            "ListUnitPrice",
            Type.DECIMAL,
            true,
            unlessCorrection(of -> of.pricing().listUnitPrice())),
    PRICING_CATEGORY("PricingCategory", Type.STRING, true, of -> of.kind().pricingCategory),
    PRICING_QUANTITY(
            "PricingQuantity",
            Type.DECIMAL,
            true,
            unlessCorrection(of -> of.pricing().quantity())),
    PRICING_UNIT(
            "PricingUnit",
            Type.STRING,
            true,
            unlessCorrection(of -> of.pricing().unit())),
    PROVIDER_NAME("ProviderName", Type.STRING, false, of -> Words.PROVIDER),
    PUBLISHER_NAME("PublisherName", Type.STRING, false, of -> Words.PROVIDER),
    REGION_ID("RegionId", Type.STRING, true, Words::region),
    REGION_NAME("RegionName", Type.STRING, true, FocusEntry::regionName),
    RESOURCE_ID("ResourceId", Type.STRING, true, FocusEntry::resourceId),
    /** What the console shows as an instance's name. */
    RESOURCE_NAME("ResourceName", Type.STRING, true, of -> of.tags().get("Name")),
    RESOURCE_TYPE("ResourceType", Type.STRING, true, FocusEntry::resourceType),
    SERVICE_CATEGORY("ServiceCategory", Type.STRING, false, of -> "Compute"),
    SERVICE_NAME("ServiceName", Type.STRING, false, of -> "Elastic Compute Cloud"),
    SERVICE_SUBCATEGORY("ServiceSubcategory", Type.STRING, false, of -> "Virtual Machines"),
    SKU_ID("SkuId", Type.STRING, true, of -> of.sku().id()),
    SKU_METER("SkuMeter", Type.STRING, true, of -> of.sku().meter()),
    SKU_PRICE_DETAILS("SkuPriceDetails", Type.KEY_VALUE, true, of -> of.sku().details()),
    SKU_PRICE_ID("SkuPriceId", Type.STRING, true, of -> of.sku().priceId()),
    SUB_ACCOUNT_ID(
            "SubAccountId", Type.STRING, true, of -> of.charge().account().value()),
    /** Never null where there is an id, says the specification. */
    SUB_ACCOUNT_NAME(
            "SubAccountName", Type.STRING, true, of -> of.charge().account().value()),
    SUB_ACCOUNT_TYPE("SubAccountType", Type.STRING, true, of -> Words.ACCOUNT),
    TAGS("Tags", Type.KEY_VALUE, true, of -> of.tags().isEmpty() ? null : new TreeMap<>(of.tags()));

    /** The most decimals of a number. */
    public static final int DECIMALS = 12;

    /** What a value is. */
    public enum Type {
        /** A {@link String}. */
        STRING,
        /** A {@link BigDecimal} of at most {@value FocusColumn#DECIMALS} decimals. */
        DECIMAL,
        /** An {@link Instant}, in whole seconds. */
        DATE_TIME,
        /** A {@link SortedMap} of text to text, written as a JSON object. */
        KEY_VALUE
    }

    private final String id;
    private final Type type;
    private final boolean isNullable;
    private final Function<FocusEntry, @Nullable Object> value;

    FocusColumn(String id, Type type, boolean isNullable, Function<FocusEntry, @Nullable Object> value) {
        this.id = id;
        this.type = type;
        this.isNullable = isNullable;
        this.value = value;
    }

    /** The column's id in the specification. */
    public String id() {
        return id;
    }

    public Type type() {
        return type;
    }

    /** Whether the specification allows that there is no value. */
    public boolean isNullable() {
        return isNullable;
    }

    /** The value; null for none, and of the charge period, which is each row's own. */
    @Nullable
    Object of(FocusEntry entry) {
        Object found = value.apply(entry);
        return found instanceof BigDecimal number ? Decimals.plain(number) : found;
    }

    /** A correction adds up what differed in a month: no price times a quantity gives it, and the specification lets both be null. */
    private static Function<FocusEntry, @Nullable Object> unlessCorrection(
            Function<FocusEntry, @Nullable Object> value) {
        return of -> of.isCorrection() ? null : value.apply(of);
    }

    private static Function<FocusEntry, @Nullable Object> ofDiscount(Function<Discount, Object> value) {
        return of -> of.discount() == null ? null : value.apply(of.discount());
    }

    /** Values that are words. */
    private static final class Words {

        private static final String ACCOUNT = "Account";
        private static final String PROVIDER = "Cumulet";

        private static @Nullable String unusedCapacity(FocusEntry of, @Nullable String value) {
            return of.charge().category() == Category.UNUSED_CAPACITY_RESERVATION ? value : null;
        }

        private static @Nullable String region(FocusEntry of) {
            Region region = of.charge().region();
            return region == null ? null : region.value();
        }

        private static String describe(FocusEntry of) {
            String rate = of.charge().rate() == null ? "" : " at " + of.charge().rate() + " USD an hour";
            return of.charge().category().code() + ": " + of.sku().id() + rate;
        }
    }
}
