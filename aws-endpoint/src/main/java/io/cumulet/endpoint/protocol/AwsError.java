package io.cumulet.endpoint.protocol;

/**
 * A refusal as AWS clients know it.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html">EC2 error codes</a>
 */
public final class AwsError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int BAD_REQUEST = 400;

    private final String code;
    private final int status;
    private final boolean notFound;

    public AwsError(String code, int status, String message) {
        this(code, status, message, false);
    }

    /** @param notFound whether what the request names isn't there */
    public AwsError(String code, int status, String message, boolean notFound) {
        super(message, null, false, false);
        this.code = code;
        this.status = status;
        this.notFound = notFound;
    }

    /** The caller's fault, status 400. */
    public static AwsError of(String code, String message) {
        return new AwsError(code, BAD_REQUEST, message);
    }

    public static AwsError missing(String parameter) {
        return of("MissingParameter", "The request must contain the parameter " + parameter);
    }

    public static AwsError unknown(String parameter) {
        return of("UnknownParameter", "The parameter " + parameter + " is not recognized");
    }

    public static AwsError invalidValue(String parameter, String value, String cause) {
        return of(
                "InvalidParameterValue", "Value (" + value + ") for parameter " + parameter + " is invalid. " + cause);
    }

    public static AwsError combination(String message) {
        return of("InvalidParameterCombination", message);
    }

    public static AwsError unsupported(String message) {
        return of("UnsupportedOperation", message);
    }

    /** Something that is needed is away for the moment. */
    public static AwsError unavailable() {
        return new AwsError("Unavailable", 503, "The service is temporarily unavailable; please try again");
    }

    public String code() {
        return code;
    }

    /** Whether what the request names isn't there. */
    public boolean isNotFound() {
        return notFound;
    }

    public int status() {
        return status;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
