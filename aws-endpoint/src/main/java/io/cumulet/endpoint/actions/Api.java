package io.cumulet.endpoint.actions;

import io.cumulet.endpoint.model.ServiceModel;

/** The AWS services that are spoken here. */
public enum Api {
    EC2("ec2", "ec2-2016-11-15"),
    STS("sts", "sts-2011-06-15"),
    COST_EXPLORER("ce", "ce-2017-10-25"),
    PRICING("pricing", "api.pricing-2017-10-15"),
    SAVINGS_PLANS("savingsplans", "savingsplans-2019-06-28");

    private final String signingName;
    private final ServiceModel model;

    Api(String signingName, String modelName) {
        this.signingName = signingName;
        this.model = ServiceModel.load(modelName);
    }

    /** What a signature's credential scope calls it, and what policies' actions begin with. */
    public String signingName() {
        return signingName;
    }

    public ServiceModel model() {
        return model;
    }
}
