package dev.muster.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoCredential;
import com.mongodb.MongoException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketOpenException;
import com.mongodb.MongoSocketReadException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.ServerAddress;
import dev.muster.model.PeerMongod.Cause;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ServerErrorTest {
    private static final ServerAddress ADDRESS = new ServerAddress("mongo-1", 27017);

    static Stream<Arguments> exceptions() {
        return Stream.of(
                arguments(
                        "it accepts and says nothing",
                        new MongoSocketReadTimeoutException("Timeout", ADDRESS, new SocketTimeoutException()),
                        Cause.TIMEOUT),
                arguments(
                        "no server was found in time, since it says nothing",
                        new MongoTimeoutException(
                                "{com.mongodb.MongoSocketReadTimeoutException: Timeout while receiving}"),
                        Cause.TIMEOUT),
                arguments(
                        "nobody listens",
                        new MongoSocketOpenException("Exception opening socket", ADDRESS, new ConnectException()),
                        Cause.UNREACHABLE),
                arguments(
                        "no server was found in time, since nobody listens",
                        new MongoTimeoutException("caused by {java.net.ConnectException: Connection refused}"),
                        Cause.UNREACHABLE),
                arguments("it refuses the credentials", security(refused(18)), Cause.AUTHENTICATION),
                arguments("it knows no such mechanism", security(refused(334)), Cause.AUTHENTICATION),
                arguments(
                        "it says nothing while the connection authenticates",
                        security(new MongoSocketReadTimeoutException("Timeout", ADDRESS, new SocketTimeoutException())),
                        Cause.TIMEOUT),
                arguments(
                        "it closes the connection while that authenticates",
                        security(new MongoSocketReadException("Prematurely reached end of stream", ADDRESS)),
                        Cause.UNREACHABLE),
                arguments(
                        "it closed the connection",
                        new MongoSocketReadException("Prematurely reached end of stream", ADDRESS),
                        Cause.UNREACHABLE));
    }

    private static MongoSecurityException security(Throwable cause) {
        MongoCredential credential = MongoCredential.createScramSha256Credential("root", "admin", new char[0]);
        return new MongoSecurityException(credential, "Exception authenticating", cause);
    }

    private static MongoCommandException refused(int code) {
        return new MongoCommandException(
                new BsonDocument("ok", new BsonInt32(0)).append("code", new BsonInt32(code)), ADDRESS);
    }

    @Test
    void onlyRefusedCredentialsAreAnotherPassword() {
        assertThat(ServerError.of(security(refused(18)))).isEqualTo(ServerError.AUTHENTICATION_FAILED);
        assertThat(ServerError.of(security(refused(334)))).isEqualTo(ServerError.OTHER);
        assertThat(ServerError.of(security(new SocketTimeoutException()))).isEqualTo(ServerError.OTHER);
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("exceptions")
    void tellsWhyAPeerCouldNotBeAsked(String situation, MongoException exception, Cause expected) {
        assertThat(ServerError.causeOf(exception)).as(situation).isEqualTo(expected);
    }
}
