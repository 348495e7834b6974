package dev.muster.sim.mongod;

/** The host of a member, as the server reads it: stricter than a name server, which would not mind some of these. */
final class MemberHost {
    private MemberHost() {}

    /**
     * The host with its port, without the white space around it.
     *
     * @throws FieldTypes.Unreadable when the server does not take it
     */
    static String read(String field, String given) {
        String text = given.trim();
        int bracket = text.indexOf(']');
        int colon = text.lastIndexOf(':');
        if (text.startsWith("[") != (bracket >= 0) || text.lastIndexOf('[') > 0) {
            throw new FieldTypes.Unreadable(field, "has a bracket too many or too few");
        }
        boolean hasPort = colon > bracket && colon >= 0;
        String host = hasPort ? text.substring(0, colon) : text;
        if (bracket < 0 ? host.contains(":") : !host.endsWith("]")) {
            throw new FieldTypes.Unreadable(field, "has more than a host and a port");
        }
        if (host.isEmpty() || host.equals("[]")) {
            throw new FieldTypes.Unreadable(field, "has no host");
        }
        return hasPort ? host + ":" + port(field, text.substring(colon + 1)) : host + ":27017";
    }

    private static int port(String field, String given) {
        try {
            int port = Integer.parseInt(given);
            if (port < 1 || port > 65535) {
                throw new FieldTypes.Unreadable(field, "has a port out of range");
            }
            return port;
        } catch (NumberFormatException e) {
            throw new FieldTypes.Unreadable(field, "has no number for a port");
        }
    }
}
