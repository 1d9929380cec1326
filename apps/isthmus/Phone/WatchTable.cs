// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using Isthmus.Bodies;
using Isthmus.Phone;
using Spectre.Console;

namespace Isthmus.App.Phone;

/// <summary>Who is there, as a table that is drawn anew when somebody changes.</summary>
internal sealed class WatchTable(PhoneReport report)
{
    private const string Time = "HH:mm:ss";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (PresenceState State, DateTimeOffset Since)> _users = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<PresenceWatch, SubscriptionState> _watches = [];
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Change(PresenceWatch watch, PresenceState state)
    {
        lock (_gate)
        {
            _users[state.Address] = (state, DateTimeOffset.Now);
        }

        _changes.Writer.TryWrite(true);
    }

    public void Change(PresenceWatch watch, SubscriptionState state)
    {
        lock (_gate)
        {
            _watches[watch] = state;
        }

        _changes.Writer.TryWrite(true);
    }

    /// <summary>Draws until <paramref name="following"/> has ended.</summary>
    public async Task ShowAsync(Task following)
    {
        report.IsMuted = true; // what else happens would be written into the table
        try
        {
            _ = following.ContinueWith(_ => _changes.Writer.TryComplete(), TaskScheduler.Default);
            await AnsiConsole.Live(Draw()).StartAsync(async screen =>
            {
                await foreach (bool _ in _changes.Reader.ReadAllAsync())
                {
                    screen.UpdateTarget(Draw());
                }
            });
        }
        finally
        {
            report.IsMuted = false;
        }

        await following;
    }

    private Table Draw()
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("who", "is", "says", "since");
        lock (_gate)
        {
            foreach ((string address, (PresenceState state, DateTimeOffset since)) in _users)
            {
                string why = state.Subscription == SubscriptionPhase.Pending ? "(waits for permission)" : state.Reason is null ? "" : $"({state.Reason})";
                table.AddRow(
                    Cell(state.Name is null ? address : $"{state.Name} {address}"),
                    $"[{Colour(state.Availability)}]{PresenceReport.Word(state.Availability)}[/]",
                    Cell(state.Note ?? why),
                    since.ToString(Time, System.Globalization.CultureInfo.InvariantCulture));
            }

            foreach ((PresenceWatch watch, SubscriptionState state) in _watches.Where(watch => watch.Value.Phase is not (SubscriptionPhase.Active or SubscriptionPhase.Pending)))
            {
                table.AddRow(Cell(watch.Address), "[grey]?[/]", Cell(PresenceReport.Words(state)), "");
            }
        }

        return table;
    }

    private static string Cell(string text) => Markup.Escape(PhoneReport.Printable(text));

    private static string Colour(Availability? availability) => availability switch
    {
        Availability.Online => "green",
        Availability.Away => "yellow",
        Availability.Busy or Availability.OnThePhone => "red",
        _ => "grey",
    };
}
