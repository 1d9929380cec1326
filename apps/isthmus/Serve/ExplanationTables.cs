// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server;
using Spectre.Console;

namespace Isthmus.App.Serve;

/// <summary>An explanation as tables for people.</summary>
internal static class ExplanationTables
{
    private const int WideEnough = 400;

    public static void Write(Explanation explanation)
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = WideEnough; // a pipe has no width: nothing is cut
        }

        AnsiConsole.WriteLine($"call to   {explanation.Uri}");
        AnsiConsole.WriteLine($"caller    {explanation.Caller}");
        AnsiConsole.WriteLine($"relaying  {explanation.Relay}");
        AnsiConsole.WriteLine($"way       {WayOf(explanation)}");
        if (explanation.Registered is { } registered)
        {
            AnsiConsole.WriteLine($"bindings  {registered}");
        }

        if (explanation.Answer is { } answer)
        {
            AnsiConsole.WriteLine($"answer    {answer}");
        }

        Show("Bindings", ["device", "version", "contact", "transport", "q", "seconds left"], explanation.Bindings, binding =>
            [binding.Device, binding.Version, binding.Contact, binding.Transport, $"{binding.Q}", $"{binding.ExpiresIn}"]);
        Show("DNS", ["name", "type", "says", "seconds left", "from"], explanation.LookUps, look =>
            [look.Name, look.Type, look.Records.Count > 0 ? string.Join("; ", look.Records) : look.Status == "Ok" ? "nothing" : look.Status, $"{look.TimeToLive}", look.Source.ToLowerInvariant()]);
        Show("Servers", ["rank", "address", "version", "transport", "host", "health", "seconds left"], explanation.Targets, target =>
            [$"{target.Rank}", target.Address, target.Version, target.Transport, target.Host ?? "", target.Health, target.TimeToLive is { } left ? $"{left}" : "configured"]);
        Show("Judge", ["comes by", "offers", "method", "verdict", "why", "goes to"], explanation.Calls, call =>
            [call.Arrival, call.Offer, call.Method, call.Verdict, $"{call.Says} ({call.Reason})", string.Join(", then ", call.Order)]);
    }

    private static string WayOf(Explanation explanation) => explanation switch
    {
        { Way: "location" } => "one of our users: the location service knows where",
        { Way: "address" } => "an address: nobody is asked",
        { Way: "peer", Peer: { } peer } => $"the peer table: {peer.Domain} = {string.Join(", ", peer.Targets)}; {Agreed(peer)}",
        { Peer: { } peer } => $"DNS; the peer table says of {peer.Domain}: {Agreed(peer)}",
        { Way: "dns" } => "DNS; the peer table does not speak of it",
        _ => "none",
    };

    private static string Agreed(ExplainedPeer peer) => $"IP version {peer.IpVersion}, judge {peer.Judge}{(peer.Trusted ? ", trusted" : "")}";

    private static void Show<T>(string title, string[] columns, IReadOnlyList<T> items, Func<T, string[]> cells)
    {
        if (items.Count == 0)
        {
            return;
        }

        AnsiConsole.WriteLine();
        AnsiConsole.WriteLine(title);
        var table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(column).NoWrap());
        }

        foreach (T item in items)
        {
            table.AddRow(cells(item).Select(Markup.Escape).ToArray());
        }

        AnsiConsole.Write(table);
    }
}
