// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Isthmus.Phone;

namespace Isthmus.App.Phone;

/// <summary>`isthmus phone send`: one message, for scripts.</summary>
internal static class SendCommand
{
    private const int MostSeconds = 365 * 24 * 3600;
    private const string FromInput = "-";

    public static Command Create()
    {
        var uri = new Argument<string>("URI") { Description = "to whom, such as sip:bob@example.com" };
        var text = new Argument<string>("TEXT") { Description = "what to say; - takes the body from the standard input, octet for octet" };
        var type = new Option<string?>("--type") { Description = "media type of the body, such as image/png (default: text/plain;charset=UTF-8)" };
        var keep = new Option<int>("--keep") { Description = "seconds that a server may keep it for somebody who is not there; 0 leaves that to the server", DefaultValueFactory = _ => 0 };
        var register = new Option<bool>("--register") { Description = "register first, for a server that takes messages from registered users only" };
        keep.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int>() is not (>= 0 and <= MostSeconds))
            {
                result.AddError($"--keep: expected 0 to {MostSeconds} seconds");
            }
        });
        type.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } given && !IsMediaType(given))
            {
                result.AddError($"--type: '{given}' is not a media type such as text/plain or image/png");
            }
        });
        var command = new Command("send", "Send one message to URI and say what became of it: sent, stored for later, or failed with the reason. The exit code says it to scripts (docs/phone.md).")
        {
            uri, text, type, keep, register,
        };
        return PhoneCommand.With(command, AnswerPolicy.Busy, async (phone, parsed, cancellation) =>
        {
            if (parsed.GetValue(register) && !await phone.RegisterAsync(cancellation))
            {
                return ExitCodes.NotRegistered;
            }

            string to = parsed.GetValue(uri)!;
            MessageContent content = await ContentAsync(parsed.GetValue(text)!, parsed.GetValue(type), cancellation);
            var options = new MessageOptions { Expires = parsed.GetValue(keep) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null };
            MessageResult result = await phone.Phone.SendMessageAsync(to, content, options, cancellation);
            phone.Report.Sent(to, result);
            return ExitCodes.Of(result);
        }, isShort: true);
    }

    private static bool IsMediaType(string text) => text.Split(';')[0].Split('/') is [{ Length: > 0 }, { Length: > 0 }] && text.All(character => !char.IsControl(character));

    private static async Task<MessageContent> ContentAsync(string text, string? type, CancellationToken cancellation)
    {
        if (text != FromInput)
        {
            var said = new MessageContent(text);
            return type is null ? said : new MessageContent(type, said.Body);
        }

        using var body = new MemoryStream();
        await using Stream input = Console.OpenStandardInput();
        await input.CopyToAsync(body, cancellation);
        return new MessageContent(type ?? "text/plain;charset=UTF-8", body.ToArray());
    }
}
