// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Threading.Channels;
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

            using Chat chat = phone.Phone.OpenChat(parsed.GetValue(uri)!);
            Task<int> talking = TalkAsync(phone, chat, Typed(phone.Report, chat), cancellation);
            if (parsed.GetValue(messages) is not (> 0 and var most))
            {
                return await talking;
            }

            await phone.MessagesAsync(most, cancellation);
            return talking.IsCompletedSuccessfully ? await talking : ExitCodes.Good;
        });
    }

    /// <summary>What is typed. At a terminal each key is heard, so that the other side is told that somebody writes; JSON and pipes have lines only.</summary>
    private static ChannelReader<string> Typed(PhoneReport report, Chat chat)
    {
        if (!report.IsTable || Console.IsInputRedirected)
        {
            return Keyboard.Lines(Console.In);
        }

        var editor = new LineEditor(chat.Typing);
        report.Output = editor.WriteAbove;
        report.Problem($"type a line and press Enter; {Quit} or Ctrl-D ends");
        return editor.Lines();
    }

    private static async Task<int> TalkAsync(RunningPhone phone, Chat chat, ChannelReader<string> lines, CancellationToken cancellation)
    {
        int code = ExitCodes.Good;
        await foreach (string line in lines.ReadAllAsync(cancellation))
        {
            if (line.Trim() == Quit)
            {
                break;
            }

            if (line.Length > 0)
            {
                // One after the other: they arrive in the order in which they were typed.
                MessageResult result = await chat.SendAsync(line, cancellation);
                phone.Report.Said(chat.Address, line, result);
                code = result.IsAccepted ? code : ExitCodes.Of(result);
            }
        }

        return code;
    }
}
