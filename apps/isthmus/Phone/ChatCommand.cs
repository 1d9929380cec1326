// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Isthmus.Phone;

namespace Isthmus.App.Phone;

/// <summary>`isthmus phone chat`: lines that are typed are sent, messages that come are shown.</summary>
internal static class ChatCommand
{
    private const string Quit = "/quit";

    public static Command Create()
    {
        var uri = new Argument<string>("URI") { Description = "with whom, such as sip:bob@example.com" };
        var messages = new Option<int>("--messages") { Description = "end after so many received messages; 0 goes on", DefaultValueFactory = _ => 0 };
        messages.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int>() < 0)
            {
                result.AddError("--messages: expected 0 or more");
            }
        });
        var command = new Command(
            "chat", $"Register, send each line that is typed to URI, and show the messages that come, until {Quit} or the end of the input. The exit code is that of the last message that failed.")
        {
            uri, messages,
        };
        return PhoneCommand.With(command, AnswerPolicy.Busy, async (phone, parsed, cancellation) =>
        {
            if (!await phone.RegisterAsync(cancellation))
            {
                return ExitCodes.NotRegistered;
            }

            Task<int> talking = TalkAsync(phone, parsed.GetValue(uri)!, Console.In, cancellation);
            if (parsed.GetValue(messages) is not (> 0 and var most))
            {
                return await talking;
            }

            await phone.MessagesAsync(most, cancellation);
            return talking.IsCompletedSuccessfully ? await talking : ExitCodes.Good;
        });
    }

    private static async Task<int> TalkAsync(RunningPhone phone, string uri, TextReader input, CancellationToken cancellation)
    {
        int code = ExitCodes.Good;
        await foreach (string line in Keyboard.Lines(input).ReadAllAsync(cancellation))
        {
            if (line.Trim() == Quit)
            {
                break;
            }

            if (line.Length > 0)
            {
                // One after the other: they arrive in the order in which they were typed.
                MessageResult result = await phone.Phone.SendMessageAsync(uri, line, null, cancellation);
                phone.Report.Sent(uri, result);
                code = result.IsAccepted ? code : ExitCodes.Of(result);
            }
        }

        return code;
    }
}
