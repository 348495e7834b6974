package dev.muster.mongo;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoSocketOpenException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.MongoTimeoutException;
import dev.muster.model.PeerMongod.Cause;
import java.util.Locale;
import javax.net.ssl.SSLException;

/**
 * What a driver's exception means. Server errors are classified by number, from MongoDB's
 * {@code src/mongo/base/error_codes.yml}. Only failures without a server's answer are also classified by the driver's
 * texts.
 */
enum ServerError {
    UNAUTHORIZED(13),
    AUTHENTICATION_FAILED(18),
    INVALID_REPLICA_SET_CONFIG(93),
    NO_REPLICATION_ENABLED(76),
    NOT_YET_INITIALIZED(94),
    ALREADY_INITIALIZED(23),
    NOT_WRITABLE_PRIMARY(10107),
    USER_ALREADY_EXISTS(51003),
    OTHER(-1);

    private final int code;

    ServerError(int code) {
        this.code = code;
    }

    static ServerError of(MongoException exception) {
        int code = codeOf(exception);
        for (ServerError error : values()) {
            if (error.code == code && error != OTHER) {
                return error;
            }
        }
        return OTHER;
    }

    /** The server's number; -1 where no server answered. */
    static int codeOf(MongoException exception) {
        Throwable said = exception instanceof MongoSecurityException ? exception.getCause() : exception;
        return said instanceof MongoCommandException command ? command.getErrorCode() : -1;
    }

    /** Why a peer could not be asked, from an exception of the driver. */
    static Cause causeOf(MongoException exception) {
        if (exception instanceof MongoSecurityException
                && exception.getCause() instanceof MongoException inner
                && !(inner instanceof MongoCommandException)) {
            // It broke off while it authenticated: a mongod that is busy, not one that refuses.
            return causeOf(inner);
        }
        if (exception instanceof MongoSecurityException || of(exception) == UNAUTHORIZED) {
            return Cause.AUTHENTICATION;
        }
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return Cause.TLS;
            }
        }
        String message = String.valueOf(exception.getMessage()).toLowerCase(Locale.ROOT);
        if (exception instanceof MongoTimeoutException && message.contains("sslhandshake")) {
            return Cause.TLS;
        }
        if (exception instanceof MongoSocketReadTimeoutException || message.contains("readtimeout")) {
            // It accepted the connection and did not answer: it hangs.
            return Cause.TIMEOUT;
        }
        if (exception instanceof MongoSocketOpenException
                || message.contains("connection refused")
                || message.contains("exception opening socket")) {
            return Cause.UNREACHABLE;
        }
        return exception instanceof MongoSocketException ? Cause.UNREACHABLE : Cause.TIMEOUT;
    }

    /** The exception in one line, without the driver's dump of its state. */
    static String words(MongoException exception) {
        if (exception instanceof MongoCommandException command) {
            return "%s (code %d)".formatted(command.getErrorMessage(), command.getErrorCode());
        }
        return switch (causeOf(exception)) {
            case AUTHENTICATION -> "authentication failed";
            case UNREACHABLE -> "connection refused or closed";
            case TLS -> "the TLS handshake failed";
            case TIMEOUT, NO_SUCH_NAME, NO_ADDRESS, DNS_FAILED, ANOTHER_POD, STARTING -> "no answer in time";
        };
    }
}
