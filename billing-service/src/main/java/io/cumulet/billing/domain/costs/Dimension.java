package io.cumulet.billing.domain.costs;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.kernel.Region;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What costs can be grouped by. */
public sealed interface Dimension {

    /** The name in queries and answers. */
    String code();

    /**
     * The group that a charge belongs to.
     *
     * @param tags of what is charged, in force then
     * @return null if it belongs to none
     */
    @Nullable
    String of(Charge charge, Map<String, String> tags);

    static Optional<Dimension> ofCode(String code) {
        if (code.startsWith(Tag.PREFIX)) {
            String key = code.substring(Tag.PREFIX.length());
            return key.isEmpty() ? Optional.empty() : Optional.of(new Tag(key));
        }
        for (Attribute attribute : Attribute.values()) {
            if (attribute.code().equals(code)) {
                return Optional.of(attribute);
            }
        }
        return Optional.empty();
    }

    /** The value of a tag of the instance. */
    record Tag(String key) implements Dimension {

        static final String PREFIX = "tag:";

        @Override
        public String code() {
            return PREFIX + key;
        }

        @Override
        public @Nullable String of(Charge charge, Map<String, String> tags) {
            return tags.get(key);
        }
    }

    /** What a charge says itself. The fees of Reserved Instances belong to the type and place they were bought for. */
    enum Attribute implements Dimension {
        ACCOUNT("account") {
            @Override
            @Nullable
            String of(Charge charge) {
                return charge.account().value();
            }
        },
        INSTANCE("instance") {
            @Override
            @Nullable
            String of(Charge charge) {
                return charge.thing() == null ? null : charge.resourceId();
            }
        },
        INSTANCE_TYPE("instance-type") {
            @Override
            @Nullable
            String of(Charge charge) {
                if (charge.thing() != null) {
                    return charge.thing().instanceType().value();
                }
                Terms.OfInstances reserved = reserved(charge);
                return reserved == null ? null : reserved.instanceType().value();
            }
        },
        OS("os") {
            @Override
            @Nullable
            String of(Charge charge) {
                if (charge.thing() != null) {
                    return charge.thing().os().code();
                }
                Terms.OfInstances reserved = reserved(charge);
                return reserved == null ? null : reserved.os().code();
            }
        },
        AVAILABILITY_ZONE("availability-zone") {
            @Override
            @Nullable
            String of(Charge charge) {
                if (charge.thing() != null) {
                    return charge.thing().zone().value();
                }
                Terms.OfInstances reserved = reserved(charge);
                return reserved == null || reserved.zone() == null
                        ? null
                        : reserved.zone().value();
            }
        },
        REGION("region") {
            @Override
            @Nullable
            String of(Charge charge) {
                Region region = charge.region();
                return region == null ? null : region.value();
            }
        },
        PURCHASE_OPTION("purchase-option") {
            @Override
            @Nullable
            String of(Charge charge) {
                return PurchaseOption.of(charge.category()).code();
            }
        },
        CATEGORY("category") {
            @Override
            @Nullable
            String of(Charge charge) {
                return charge.category().code();
            }
        },
        COMMITMENT("commitment") {
            @Override
            @Nullable
            String of(Charge charge) {
                return charge.commitmentId();
            }
        };

        private final String code;

        Attribute(String code) {
            this.code = code;
        }

        abstract @Nullable String of(Charge charge);

        @Override
        public @Nullable String of(Charge charge, Map<String, String> tags) {
            return of(charge);
        }

        @Override
        public String code() {
            return code;
        }

        private static Terms.@Nullable OfInstances reserved(Charge charge) {
            PurchasedCommitment commitment = charge.commitment();
            return commitment != null && commitment.terms() instanceof Terms.OfInstances reserved ? reserved : null;
        }
    }
}
