// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Isthmus.Phone;

namespace Isthmus.App.Phone;

/// <summary>`isthmus phone watch`: who is there, as it changes: a table on a terminal, lines elsewhere.</summary>
internal static class WatchCommand
{
    private const int MostWatches = 64;

    public static Command Create()
    {
        var uris = new Argument<string[]>("URI") { Description = "whom to watch, such as sip:bob@example.com; the address of a list gives everybody in it", Arity = new ArgumentArity(1, MostWatches) };
        var once = new Option<bool>("--once") { Description = "ask once, say what is known now, and end" };
        var changes = new Option<int>("--changes") { Description = "end after so many lines of presence; 0 goes on until interrupted", DefaultValueFactory = _ => 0 };
        var alone = new Option<bool>("--no-register") { Description = "do not register first: for a server that tells everybody" };
        changes.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int>() < 0)
            {
                result.AddError("--changes: expected 0 or more");
            }
        });
        var command = new Command("watch", "Register and show who is online, busy or away, by note, as it changes. The exit code says why a subscription did not come about (docs/phone.md).")
        {
            uris, once, changes, alone,
        };
        return PhoneCommand.With(command, AnswerPolicy.Busy, async (phone, parsed, cancellation) =>
        {
            if (!parsed.GetValue(alone) && !await phone.RegisterAsync(cancellation))
            {
                return ExitCodes.NotRegistered;
            }

            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var options = new WatchOptions { Once = parsed.GetValue(once) };
            PresenceWatch[] watches = [.. parsed.GetValue(uris)!.Select(uri => phone.Phone.Watch(uri, options))];
            var table = phone.Report.IsTable && !options.Once ? new WatchTable(phone.Report) : null;
            int left = parsed.GetValue(changes);
            try
            {
                Task following = Task.WhenAll(watches.SelectMany(watch => new[] { PresenceAsync(watch), SubscriptionAsync(watch) }));
                await (table is null ? following : table.ShowAsync(following));
            }
            catch (OperationCanceledException) when (enough.IsCancellationRequested)
            {
                // Interrupted, or enough was said.
            }

            return watches.Select(watch => watch.Subscription).Where(state => state.Phase is SubscriptionPhase.Ended or SubscriptionPhase.Waiting)
                .Select(ExitCodes.Of).FirstOrDefault(code => code != ExitCodes.Good);

            async Task PresenceAsync(PresenceWatch watch)
            {
                await foreach (PresenceState state in watch.PresenceStates(enough.Token))
                {
                    table?.Change(watch, state);
                    if (table is null)
                    {
                        phone.Report.Presence(watch.Address, state);
                    }

                    if (left > 0 && Interlocked.Decrement(ref left) == 0)
                    {
                        await enough.CancelAsync();
                    }
                }
            }

            async Task SubscriptionAsync(PresenceWatch watch)
            {
                await foreach (SubscriptionState state in watch.SubscriptionStates(enough.Token))
                {
                    table?.Change(watch, state);
                    if (table is null && (phone.Report.IsJson || (state is not { Phase: SubscriptionPhase.Subscribing or SubscriptionPhase.Active } && !IsFetched(options, state))))
                    {
                        phone.Report.Subscription(watch.Address, state);
                    }
                }
            }
        }, isShort: true);
    }

    private static bool IsFetched(WatchOptions options, SubscriptionState state) => options.Once && state is { Phase: SubscriptionPhase.Ended, Status: 200 };
}
