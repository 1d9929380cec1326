// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Isthmus.Bodies;
using Isthmus.Phone;

namespace Isthmus.App.Phone;

/// <summary>`isthmus phone publish`: says at the server how the user is to be seen.</summary>
internal static class PublishCommand
{
    public static Command Create()
    {
        var status = new Argument<string>("STATUS") { Description = "online, away, busy, on-the-phone or offline" };
        status.AcceptOnlyFromAmong(StatusArguments.Words);
        var note = new Option<string?>("--note") { Description = "some words for those who watch" };
        var stay = new Option<bool>("--stay") { Description = "keep it published until interrupted, then remove it (default: say the entity tag and leave it until it expires)" };
        var tag = new Option<string?>("--etag") { Description = "entity tag of the earlier publication that this one takes the place of" };
        var remove = new Option<bool>("--remove") { Description = "remove the publication that --etag names" };
        var alone = new Option<bool>("--no-register") { Description = "do not register first: for a server that believes everybody" };
        var command = new Command("publish", "Register and publish the presence of the account for --expires seconds; say the entity tag by which it is changed or removed later.")
        {
            status, note, stay, tag, remove, alone,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(remove) && result.GetValue(tag) is null)
            {
                result.AddError("--remove: which publication? --etag says it, as publish did");
            }
        });
        return PhoneCommand.With(command, AnswerPolicy.Busy, async (phone, parsed, cancellation) =>
        {
            if (!parsed.GetValue(alone) && !await phone.RegisterAsync(cancellation))
            {
                return ExitCodes.NotRegistered;
            }

            Availability availability = StatusArguments.Read(parsed.GetValue(status)!);
            AccountOptions? account = phone.Phone.Options.Accounts is [var first, ..] ? first : null;
            var options = new PublishOptions { EntityTag = parsed.GetValue(tag) };
            Publication publication = phone.Phone.Publish(availability, parsed.GetValue(note), account is null ? options : options with { Expires = account.Expires });
            PublicationState state = await publication.Settled.WaitAsync(cancellation);
            phone.Report.Published(publication.Address, state);
            if (state.Phase == PublicationPhase.Published && parsed.GetValue(stay))
            {
                await Interruption.WaitAsync(cancellation);
                await publication.DisposeAsync();
                phone.Report.Published(publication.Address, publication.State);
                return ExitCodes.Good;
            }

            if (state.Phase == PublicationPhase.Published && parsed.GetValue(remove))
            {
                await publication.DisposeAsync();
                state = publication.State;
                phone.Report.Published(publication.Address, state);
            }

            publication.Leave();
            return ExitCodes.Of(state);
        }, isShort: true);
    }
}
