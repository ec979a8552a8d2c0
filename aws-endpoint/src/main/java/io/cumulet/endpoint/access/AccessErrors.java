package io.cumulet.endpoint.access;

import io.cumulet.endpoint.protocol.AwsError;

/**
 * Refusals of the door in the words of each service: EC2 says one thing for all that is wrong with a key, STS and the JSON
 * services tell more.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html">EC2 error codes</a>
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html">STS: common errors</a>
 * @see <a href="https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/CommonErrors.html">Cost Explorer: common
 *     errors</a>
 */
public enum AccessErrors {
    EC2,
    STS,
    JSON;

    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int UNAVAILABLE = 503;
    private static final String INVALID_TOKEN = "The security token included in the request is invalid.";
    private static final String WRONG_SIGNATURE =
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key"
                    + " and signing method. Consult the service documentation for details.";

    /** @param service as signatures name it */
    public static AccessErrors of(String service) {
        return switch (service) {
            case "ec2" -> EC2;
            case "sts" -> STS;
            default -> JSON;
        };
    }

    AwsError unsigned() {
        return switch (this) {
            case EC2 -> authFailure();
            case STS ->
                new AwsError("MissingAuthenticationToken", FORBIDDEN, "Request is missing Authentication Token");
            case JSON -> AwsError.of("MissingAuthenticationTokenException", "Missing Authentication Token");
        };
    }

    /** No such key, or one that isn't to be used. */
    AwsError unknownKey() {
        return switch (this) {
            case EC2 -> authFailure();
            case STS -> new AwsError("InvalidClientTokenId", FORBIDDEN, INVALID_TOKEN);
            case JSON -> AwsError.of("UnrecognizedClientException", INVALID_TOKEN);
        };
    }

    AwsError wrongSignature() {
        return wrongSignature(WRONG_SIGNATURE);
    }

    private AwsError wrongSignature(String message) {
        return switch (this) {
            case EC2 -> authFailure();
            case STS -> new AwsError("SignatureDoesNotMatch", FORBIDDEN, message);
            case JSON -> AwsError.of("InvalidSignatureException", message);
        };
    }

    /** Signed too long ago, or in the future. */
    AwsError outOfTime(String message) {
        return this == EC2 ? AwsError.of("RequestExpired", "Request has expired.") : wrongSignature(message);
    }

    AwsError expiredSession() {
        return switch (this) {
            case EC2 -> AwsError.of("RequestExpired", "Request has expired.");
            case STS ->
                new AwsError("ExpiredToken", FORBIDDEN, "The security token included in the request is expired");
            case JSON ->
                new AwsError(
                        "ExpiredTokenException", BAD_REQUEST, "The security token included in the request is expired");
        };
    }

    AwsError notAllowed(Principal principal, String action) {
        String message = "User: " + principal.arn() + " is not authorized to perform: " + action;
        return switch (this) {
            case EC2 ->
                new AwsError("UnauthorizedOperation", FORBIDDEN, "You are not authorized to perform this operation.");
            case STS -> new AwsError("AccessDenied", FORBIDDEN, message);
            case JSON -> AwsError.of("AccessDeniedException", message);
        };
    }

    /** Too many requests. */
    public AwsError throttled() {
        return switch (this) {
            case EC2 -> new AwsError("RequestLimitExceeded", UNAVAILABLE, "Request limit exceeded.");
            case STS -> AwsError.of("Throttling", "Rate exceeded");
            case JSON -> AwsError.of("ThrottlingException", "Rate exceeded");
        };
    }

    private static AwsError authFailure() {
        return new AwsError(
                "AuthFailure", UNAUTHORIZED, "AWS was not able to validate the provided access credentials");
    }
}
