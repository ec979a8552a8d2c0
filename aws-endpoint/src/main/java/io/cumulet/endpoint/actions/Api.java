package io.cumulet.endpoint.actions;

import io.cumulet.endpoint.model.ServiceModel;
import io.cumulet.endpoint.protocol.AwsError;
import java.util.Set;

/** The AWS services that are spoken here. */
public enum Api {
    EC2("ec2", "ec2-2016-11-15", "InvalidParameterValue", "InvalidNextToken"),
    STS("sts", "sts-2011-06-15", "ValidationError", "ValidationError"),
    COST_EXPLORER("ce", "ce-2017-10-25", "ValidationException", "InvalidNextTokenException"),
    PRICING("pricing", "api.pricing-2017-10-15", "InvalidParameterException", "InvalidNextTokenException"),
    SAVINGS_PLANS("savingsplans", "savingsplans-2019-06-28", "ValidationException", "ValidationException"),
    SYSTEMS_MANAGER("ssm", "ssm-2014-11-06", "ValidationException", "InvalidNextToken");

    /** What services refuse a request for that can't be right; other APIs than EC2's have one code for all of it. */
    private static final Set<String> INVALID = Set.of(
            "MissingParameter",
            "UnknownParameter",
            "InvalidParameterValue",
            "InvalidParameterCombination",
            "MalformedRequest",
            "IdempotentParameterMismatch",
            "IncorrectState");

    private final String signingName;
    private final String invalidCode;
    private final String tokenCode;
    private final ServiceModel model;

    Api(String signingName, String modelName, String invalidCode, String tokenCode) {
        this.signingName = signingName;
        this.invalidCode = invalidCode;
        this.tokenCode = tokenCode;
        this.model = ServiceModel.load(modelName);
    }

    /** What a signature's credential scope calls it, and what policies' actions begin with. */
    public String signingName() {
        return signingName;
    }

    /** The code that a request is refused with that can't be right. */
    public String invalidCode() {
        return invalidCode;
    }

    /** A refusal with the code that this API has for it. */
    AwsError inOwnCode(AwsError error) {
        if (this == EC2 || this == STS) {
            return error;
        }
        if (INVALID.contains(error.code())) {
            return AwsError.of(invalidCode, error.getMessage());
        }
        return error.code().equals("InvalidNextToken") ? AwsError.of(tokenCode, error.getMessage()) : error;
    }

    public ServiceModel model() {
        return model;
    }
}
