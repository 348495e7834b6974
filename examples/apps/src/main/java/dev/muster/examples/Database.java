package dev.muster.examples;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

/** How the programs reach the set: the pod's environment says where, and a Secret as whom. */
final class Database {
    private Database() {}

    /**
     * A client for MONGODB_URI, as MONGODB_USER with MONGODB_PASSWORD: apart, as a password may hold what a URI may
     * not. Without MONGODB_USER, as nobody: the server may have no users.
     */
    static MongoClient connect() {
        MongoClientSettings.Builder settings =
                MongoClientSettings.builder().applyConnectionString(new ConnectionString(environment("MONGODB_URI")));
        if (System.getenv("MONGODB_USER") != null) {
            settings.credential(MongoCredential.createCredential(
                    environment("MONGODB_USER"),
                    "admin",
                    environment("MONGODB_PASSWORD").toCharArray()));
        }
        return MongoClients.create(settings.build());
    }

    static String environment(String name) {
        String value = System.getenv(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalStateException("the variable " + name + " is not set");
        }
        return value;
    }
}
