// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Isthmus.Server;
using Spectre.Console;

namespace Isthmus.App.Serve;

/// <summary>`isthmus show`: what a running server knows, as tables, or as JSON for programs.</summary>
internal static class ShowCommand
{
    private const int WideEnough = 400;
    private const int ShownOfDevice = 12;
    private static readonly Option<string?> Socket = new("--socket") { Description = "the server's control socket (default: the one that `serve` uses)", Recursive = true };
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object, as the server answers it", Recursive = true };

    public static Command Create() => new("show", "Show what the running server knows.")
    {
        Socket,
        Json,
        View("bindings", "The registered contacts by device: IP version, where they are, and how long they live.", (client, stop) => client.BindingsAsync(stop),
            ["address of record", "device", "version", "contact", "transport", "q", "seconds left", "judges"],
            binding => [binding.Aor, ShortDevice(binding.Device), binding.Version, binding.Contact, binding.Transport, $"{binding.Q}", $"{binding.ExpiresIn}", binding.FollowsRedirect ? "yes" : ""]),
        View("calls", "The calls in progress, with the IP versions on both sides.", (client, stop) => client.CallsAsync(stop),
            ["caller", "on", "callee", "on", "state", "seconds", "call-id"],
            call => [call.Caller, call.CallerVersion, call.Callee, call.CalleeVersion ?? "", call.State, $"{call.Seconds}", call.CallId]),
        View("listeners", "Where the server listens, per transport and IP version.", (client, stop) => client.ListenersAsync(stop),
            ["transport", "version", "address"],
            listener => [listener.Transport, listener.Version, listener.Address]),
        View("messages", "The messages that wait for users who were not there, the oldest first; not what they say.", (client, stop) => client.MessagesAsync(stop),
            ["for", "from", "type", "bytes", "age", "expires in", "state", "attempts", "last problem"],
            message =>
            [
                message.For, message.IsOfStranger ? $"{message.From} (a stranger)" : message.From, message.Type, $"{message.Bytes}", Span(message.Age), Span(message.ExpiresIn),
                Outlook(message), $"{message.Attempts}", message.Problem ?? "",
            ]),
        View("presence", "Who is there, as his watchers see him: users of whom something is published or whom somebody watches.", (client, stop) => client.PresenceAsync(stop),
            ["user", "availability", "note", "publications", "watchers"],
            user => [user.User, user.Availability, user.Note ?? "", $"{user.Publications}", $"{user.Watchers}"]),
        View("subscriptions", "Who watches whom, by which event package, and where the server notifies him.", (client, stop) => client.SubscriptionsAsync(stop),
            ["package", "watched", "watcher", "sees", "version", "transport", "address", "seconds left", "notified"],
            of => [of.IsList ? of.Package + ", list" : of.Package, of.Watched, of.Watcher, of.Access, of.Version, of.Transport, of.Address, $"{of.ExpiresIn}", $"{of.Notified}"]),
        View("peers", "The servers of other domains, from the peer table and from DNS: their addresses and how they have been.", (client, stop) => client.PeersAsync(stop),
            ["domain", "from", "target", "address", "version", "transport", "rank", "health", "round trip", "last failure", "judge", "trusted"],
            peer =>
            [
                peer.Domain, peer.Source, peer.Target ?? "", peer.Address ?? peer.Problem ?? "", peer.Version ?? "", peer.Transport ?? "", $"{peer.Rank}",
                peer.BadFor is { } seconds ? $"{peer.Health} for {seconds:0} s" : peer.Health, peer.RoundTrip is { } ms ? $"{ms} ms" : "",
                peer.LastFailure is { } ago ? $"{ago:0} s ago: {peer.Fault}" : "", peer.Judge, peer.Trusted ? "yes" : "",
            ]),
        View("runtime", "The memory of the server, and how long garbage collections stopped it.", (client, stop) => client.RuntimeAsync(stop),
            ["up", "memory", "heap", "allocated", "collections", "paused", "longest of the last 1,024"],
            runtime =>
            [
                $"{TimeSpan.FromSeconds(Math.Floor(runtime.UpSeconds)):c}", Megabytes(runtime.WorkingSet), Megabytes(runtime.Heap), Megabytes(runtime.Allocated), string.Join(" / ", runtime.Collections),
                $"{runtime.PausedMilliseconds:0.0} ms", $"{runtime.Pauses.Select(pause => pause.Milliseconds).DefaultIfEmpty().Max():0.0} ms",
            ]),
    };

    private static Command View<T>(string name, string description, Func<ControlClient, CancellationToken, Task<ControlResult<T>>> ask, string[] columns, Func<T, string[]> cells)
    {
        var command = new Command(name, description);
        command.SetAction(async (parsed, cancellation) =>
        {
            var client = new ControlClient(parsed.GetValue(Socket));
            if (parsed.GetValue(Json))
            {
                string? answer = await client.AskAsync($"show {name}", cancellation);
                if (answer is null)
                {
                    Console.Error.WriteLine(client.Unreachable);
                    return ExitCodes.Failed;
                }

                Console.WriteLine(answer);
                return ExitCodes.Good;
            }

            ControlResult<T> result = await ask(client, cancellation);
            if (result.Error is not null)
            {
                Console.Error.WriteLine(result.Error);
                return ExitCodes.Failed;
            }

            var table = new Table().Border(TableBorder.Simple);
            foreach (string column in columns)
            {
                table.AddColumn(new TableColumn(column).NoWrap());
            }

            if (Console.IsOutputRedirected)
            {
                AnsiConsole.Profile.Width = WideEnough; // a pipe has no width: nothing is cut
            }

            foreach (T item in result.Items)
            {
                table.AddRow(cells(item).Select(Markup.Escape).ToArray());
            }

            AnsiConsole.Write(table);
            return ExitCodes.Good;
        });
        return command;
    }

    private static string Outlook(MessageView message) => message switch
    {
        { NextAttempt: { } seconds } => $"next try in {seconds} s",
        { State: "waits" } => "waits for a device",
        { State: "queued" } => "waits for an earlier one",
        _ => message.State,
    };

    private static string Span(long seconds) => $"{TimeSpan.FromSeconds(seconds):c}";

    private static string Megabytes(long octets) => $"{octets / 1e6:0.0} MB";

    // Enough to tell devices apart; --json has the whole of it.
    private static string ShortDevice(string device)
    {
        const string Prefix = "urn:uuid:";
        string name = device.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? device[Prefix.Length..] : device;
        return name.Length <= ShownOfDevice ? name : name[..ShownOfDevice] + "…";
    }
}
