package io.cumulet.billing.domain.costs;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
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
        },
        INSTANCE_FAMILY("instance-family") {
            @Override
            @Nullable
            String of(Charge charge) {
                if (charge.commitment() != null
                        && charge.thing() == null
                        && charge.commitment().terms() instanceof Terms.Ec2InstanceSavingsPlan plan) {
                    return plan.family();
                }
                String type = INSTANCE_TYPE.of(charge);
                return type == null ? null : new InstanceType(type).family();
            }
        },
        /** Commitments are of default tenancy. */
        TENANCY("tenancy") {
            @Override
            @Nullable
            String of(Charge charge) {
                if (charge.thing() != null) {
                    return charge.thing().tenancy().code();
                }
                return reserved(charge) == null ? null : Tenancy.DEFAULT.code();
            }
        },
        /** Reserved Instances, scheduled ones too. */
        RESERVATION("reservation") {
            @Override
            @Nullable
            String of(Charge charge) {
                return reserved(charge) == null ? null : charge.commitmentId();
            }
        },
        SAVINGS_PLAN("savings-plan") {
            @Override
            @Nullable
            String of(Charge charge) {
                return reserved(charge) == null ? charge.commitmentId() : null;
            }
        },
        COMMITMENT_KIND("commitment-kind") {
            @Override
            @Nullable
            String of(Charge charge) {
                return charge.commitment() == null
                        ? null
                        : charge.commitment().terms().kind().code();
            }
        },
        PAYMENT_OPTION("payment-option") {
            @Override
            @Nullable
            String of(Charge charge) {
                return charge.commitment() == null
                        ? null
                        : charge.commitment().terms().paymentOption().code();
            }
        },
        /** Where Reserved Instances apply. */
        RESERVATION_SCOPE("reservation-scope") {
            @Override
            @Nullable
            String of(Charge charge) {
                Terms.OfInstances reserved = reserved(charge);
                if (reserved == null) {
                    return null;
                }
                return reserved.zone() == null ? "region" : "availability-zone";
            }
        },
        USAGE_TYPE("usage-type") {
            @Override
            @Nullable
            String of(Charge charge) {
                return ChargeUsageType.of(charge);
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
