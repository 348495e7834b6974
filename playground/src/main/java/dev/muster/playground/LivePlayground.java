package dev.muster.playground;

import com.mongodb.MongoException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.time.Duration;

/** The interactive playground: a table that follows the set, and commands from standard input that break it. */
final class LivePlayground {
    private static final Duration REFRESH = Duration.ofSeconds(1);
    private static final String CLEAR = "\u001b[2J\u001b[H";

    private final LocalSet set;
    private final boolean terminal;
    private String lastTable = "";
    private String lastMessage = "";

    LivePlayground(LocalSet set, boolean terminal) {
        this.set = set;
        this.terminal = terminal;
    }

    /** Runs until the person quits or the input ends. */
    void run() {
        Thread refresh = Thread.ofPlatform().daemon().name("muster-table").start(this::follow);
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                PlaygroundAction action = PlaygroundAction.parse(line, set.replicas());
                if (action instanceof PlaygroundAction.Quit) {
                    break;
                }
                perform(action);
            }
        } catch (IOException e) {
            System.err.println("muster: cannot read commands: " + e.getMessage() + "; stops everything");
        } finally {
            refresh.interrupt();
        }
    }

    private void follow() {
        try {
            while (true) {
                show(false);
                Thread.sleep(REFRESH);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void perform(PlaygroundAction action) {
        try {
            switch (action) {
                case PlaygroundAction.OnMember onMember -> {
                    say(onMember.verb() + " mongo-" + onMember.ordinal() + " …");
                    onMember(onMember);
                    say(onMember.verb() + " mongo-" + onMember.ordinal() + " done");
                }
                case PlaygroundAction.Load load -> {
                    say("writes " + load.size() + " …");
                    say("wrote " + DataLoad.write(set.client(), load.size()) + " documents to playground.load");
                }
                case PlaygroundAction.Grow grow -> {
                    set.grow(grow.members());
                    say("the set is to have " + grow.members() + " members; all sidecars were started anew");
                }
                case PlaygroundAction.Status status -> show(true);
                case PlaygroundAction.Help help -> say(PlaygroundAction.HELP);
                case PlaygroundAction.Invalid invalid -> say(invalid.message());
                case PlaygroundAction.Quit quit -> {}
                case PlaygroundAction.Nothing nothing -> {}
            }
        } catch (PlaygroundException | MongoException e) {
            say("that failed: " + e.getMessage());
        }
    }

    private void onMember(PlaygroundAction.OnMember action) {
        LocalMember member = set.member(action.ordinal());
        switch (action.verb()) {
            case KILL -> member.killMongod();
            case STOP -> member.stopMongod();
            case START -> member.startMongod();
            case WIPE -> member.wipe();
            case FREEZE -> member.freezeMongod();
            case THAW -> member.thawMongod();
            case CUT -> set.cut(action.ordinal());
            case HEAL -> set.heal(action.ordinal());
        }
    }

    private synchronized void say(String message) {
        lastMessage = message;
        System.out.println(message);
    }

    /** Redraws on a terminal; elsewhere prints what changed, uptimes and lags apart, or when asked. */
    private void show(boolean asked) {
        SetState view = ObservedSet.of(set);
        String table = MemberTable.text(view);
        synchronized (this) {
            String essence = table.replaceAll("\\d+ s\\b", "");
            if (terminal) {
                System.out.print(CLEAR + table + pages() + "\n" + lastMessage + "\n> ");
                System.out.flush();
            } else if (asked || !essence.equals(lastTable)) {
                System.out.println(table);
            }
            lastTable = essence;
        }
    }

    private String pages() {
        StringBuilder text = new StringBuilder("\n");
        for (LocalMember member : set.members()) {
            text.append(member.name()).append("  ").append(member.statusPage());
            text.append(set.isCut(member.ordinal()) ? "  (network cut)\n" : "\n");
        }
        return text.append("commands: kill stop start wipe freeze thaw cut heal load grow status help quit")
                .toString();
    }
}
