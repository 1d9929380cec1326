// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Isthmus.Media;
using Isthmus.Phone;
using Isthmus.Sip;

namespace Isthmus.App.Phone;

/// <summary>Says what the phone does: a line of text for people, or a line of JSON for programs.</summary>
internal sealed class PhoneReport(TextWriter output, bool asJson)
{
    private const string Clock = "HH:mm:ss";

    private readonly Lock _lock = new();

    public bool IsJson => asJson;

    /// <summary>Whether there is a terminal to draw on.</summary>
    public bool IsTable => !asJson && !Console.IsOutputRedirected;

    /// <summary>Where lines go; null: to where they always go.</summary>
    public Action<string>? Output { get; set; }

    /// <summary>Whether nothing is said for a while.</summary>
    public bool IsMuted { get; set; }

    /// <summary>A moment as JSON has it, in UTC.</summary>
    public static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>What others send writes its text on our terminal, and does nothing else to it.</summary>
    public static string Printable(string text) =>
        string.Concat(text.TrimEnd('\r', '\n').ReplaceLineEndings("\n  ").Select(character => char.IsControl(character) && character != '\n' ? '\uFFFD' : character));

    public static string Lower<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>Says something: the text, or the JSON object of that kind.</summary>
    public void Say(string text, string kind, Action<Utf8JsonWriter> write)
    {
        if (asJson)
        {
            Json(kind, write);
        }
        else
        {
            Line(text);
        }
    }

    public void Started(StartResult started)
    {
        foreach (ListenerState listener in started.Listeners)
        {
            if (asJson)
            {
                Json("listening", json =>
                {
                    json.WriteString("version", listener.Version.DisplayName);
                    json.WriteString("transport", listener.Transport.UriToken);
                    json.WriteString("address", listener.Local?.ToString());
                    json.WriteString("error", listener.Error);
                });
            }
            else
            {
                Line(listener.Error is null ? $"listening on {listener.Transport.UriToken} {listener.Local}" : $"not on {listener.Version.DisplayName}: {listener.Error}");
            }
        }
    }

    public void Happened(PhoneEvent happening)
    {
        switch (happening)
        {
            case RegistrationChanged registration: Registration(registration.Account, registration.State); break;
            case CallChanged call: CallChanged(call.Call, call.State); break;
            case DigitReceived digit: Digit(digit); break;
            case ComposingChanged composing: Composing(composing); break;
        }
    }

    public void Heard(ToneDetector detector)
    {
        if (detector.Heard is not { IsClean: true } tone)
        {
            return;
        }

        if (asJson)
        {
            Json("heard", json => json.WriteNumber("frequency", Math.Round(tone.FrequencyHz)));
        }
        else
        {
            Line(string.Create(CultureInfo.InvariantCulture, $"heard a tone of {tone.FrequencyHz:F0} Hz"));
        }
    }

    public void Problem(string text)
    {
        if (asJson)
        {
            Json("error", json => json.WriteString("reason", text));
        }
        else
        {
            Line(text);
        }
    }

    public void Sent(string to, MessageResult result)
    {
        if (asJson)
        {
            Json("sent", json =>
            {
                json.WriteString("to", to);
                json.WriteString("id", result.Id);
                json.WriteString("outcome", Lower(result.Outcome));
                json.WriteNumber("status", result.Status);
                json.WriteString("reason", result.Reason);
                json.WriteString("version", result.Version?.DisplayName);
            });
            return;
        }

        string answer = $"{(result.Status == 0 ? "" : $"{result.Status} ")}{result.Reason}";
        Line(result.Outcome switch
        {
            MessageOutcome.Delivered => $"to {to}: sent",
            MessageOutcome.Stored => $"to {to}: stored, to be delivered when somebody is there ({answer})",
            _ => $"to {to}: failed, {Lower(result.Outcome)} ({answer})",
        });
    }

    /// <summary>A line of a chat: what was said stands with what became of it.</summary>
    public void Said(string to, string text, MessageResult result)
    {
        if (asJson || !IsTable)
        {
            Sent(to, result);
            return;
        }

        string answer = $"{(result.Status == 0 ? "" : $"{result.Status} ")}{result.Reason}";
        Line($"{DateTimeOffset.Now.ToString(Clock, CultureInfo.InvariantCulture)} you: {Printable(text)}{result.Outcome switch
        {
            MessageOutcome.Delivered => "",
            MessageOutcome.Stored => "  (stored, to be delivered when somebody is there)",
            _ => $"  (failed, {Lower(result.Outcome)}: {answer})",
        }}");
    }

    public void Received(ReceivedMessage message)
    {
        string? text = message.Content.Text;
        if (asJson)
        {
            Json("message", json =>
            {
                json.WriteString("from", message.From);
                json.WriteString("name", message.DisplayName);
                json.WriteString("account", message.Account?.Address);
                json.WriteString("sentAt", Time(message.SentAt));
                json.WriteString("receivedAt", Time(message.ReceivedAt));
                json.WriteString("version", message.Version.DisplayName);
                json.WriteString("id", message.Id);
                json.WriteString("type", message.Content.Type);
                json.WriteNumber("octets", message.Content.Body.Length);
                if (text is null)
                {
                    json.WriteBase64String("body", message.Content.Body.Span);
                }
                else
                {
                    json.WriteString("text", text);
                }
            });
            return;
        }

        // When it was said, not when it came: a stored message may be days old.
        DateTimeOffset said = (message.SentAt ?? message.ReceivedAt).ToLocalTime();
        string time = said.ToString(said.Date == message.ReceivedAt.ToLocalTime().Date ? Clock : $"yyyy-MM-dd {Clock}", CultureInfo.InvariantCulture);
        Line($"{time} {message.From}: {(text is null ? $"[{message.Content.Type}, {message.Content.Body.Length} octets]" : Printable(text))}");
    }

    private void Composing(ComposingChanged composing)
    {
        if (asJson)
        {
            Json("composing", json =>
            {
                json.WriteString("from", composing.From);
                json.WriteBoolean("active", composing.IsComposing);
            });
        }
        else if (composing.IsComposing)
        {
            Line($"{composing.From} is typing");
        }
    }

    private void Registration(Account account, RegistrationState state)
    {
        if (asJson)
        {
            Json("registration", json =>
            {
                json.WriteString("account", account.Address);
                json.WriteString("version", state.Version.DisplayName);
                json.WriteString("phase", Lower(state.Phase));
                json.WriteNumber("status", state.Status);
                json.WriteString("reason", state.Reason);
                json.WriteString("expires", Time(state.Expires));
            });
            return;
        }

        string detail = state.Status == 0 && state.Reason.Length == 0 ? "" : $": {(state.Status == 0 ? "" : $"{state.Status} ")}{state.Reason}";
        Line($"{account.Address} {state.Version.DisplayName} {Lower(state.Phase)}{detail}");
    }

    private void CallChanged(Call call, CallState state)
    {
        if (asJson)
        {
            Json("call", json =>
            {
                json.WriteString("id", call.Id);
                json.WriteString("direction", Lower(call.Direction));
                json.WriteString("remote", call.RemoteAddress);
                json.WriteString("phase", Lower(state.Phase));
                json.WriteString("version", state.Version?.DisplayName);
                json.WriteNumber("status", state.Status);
                Result(json, state.Result);
            });
            return;
        }

        string other = call.Direction == CallDirection.Outgoing ? $"call to {call.RemoteAddress}" : $"call from {call.RemoteAddress}";
        Line(state.Phase switch
        {
            CallPhase.Redirected => $"{other}: calling again by {state.Version?.DisplayName}",
            CallPhase.Established => $"{other}: answered, media on {state.Version?.DisplayName}",
            CallPhase.Ended => $"{other}: {Ended(state.Result!)}",
            _ => $"{other}: {Lower(state.Phase)}",
        });
    }

    private static string Ended(CallResult result)
    {
        var text = new StringBuilder("ended, ").Append(Lower(result.Outcome));
        if (result.Status != 0 || result.Reason.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" ({(result.Status == 0 ? "" : $"{result.Status} ")}{result.Reason})");
        }

        if (result.Warning is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"; {result.Warning}");
        }

        if (result.Statistics is { } media)
        {
            text.Append(CultureInfo.InvariantCulture, $"; {result.MediaVersion?.DisplayName} media, {result.Duration.TotalSeconds:F1} s: ")
                .Append(CultureInfo.InvariantCulture, $"sent {media.Sent.Packets} packets, received {media.Received.Packets}, lost {media.Received.Lost}, jitter {media.Received.Jitter.TotalMilliseconds:F1} ms");
            if (media.Sent.HasReport)
            {
                // What the other side's RTCP said of our stream.
                text.Append(CultureInfo.InvariantCulture, $"; of ours lost {media.Sent.Lost}, jitter {media.Sent.Jitter.TotalMilliseconds:F1} ms");
            }

            if (media.RoundTrip is { } roundTrip)
            {
                text.Append(CultureInfo.InvariantCulture, $", round trip {roundTrip.TotalMilliseconds:F1} ms");
            }
        }

        return text.ToString();
    }

    private static void Result(Utf8JsonWriter json, CallResult? result)
    {
        if (result is null)
        {
            return;
        }

        json.WriteString("outcome", Lower(result.Outcome));
        json.WriteString("reason", result.Reason);
        json.WriteString("warning", result.Warning);
        json.WriteNumber("seconds", Math.Round(result.Duration.TotalSeconds, 3));
        json.WriteString("media", result.MediaVersion?.DisplayName);
        json.WriteString("signalling", result.SignallingVersion?.DisplayName);
        json.WriteStartArray("redirects");
        foreach (IpVersion version in result.Redirects)
        {
            json.WriteStringValue(version.DisplayName);
        }

        json.WriteEndArray();
        if (result.Statistics is { } media)
        {
            Stream(json, "sent", media.Sent);
            Stream(json, "received", media.Received);
            json.WriteNumber("roundTripMilliseconds", Math.Round(media.RoundTrip?.TotalMilliseconds ?? 0, 3));
        }
    }

    private static void Stream(Utf8JsonWriter json, string name, StreamStatistics stream)
    {
        json.WriteStartObject(name);
        json.WriteNumber("packets", stream.Packets);
        json.WriteNumber("octets", stream.Octets);
        json.WriteNumber("lost", stream.Lost);
        json.WriteNumber("jitterMilliseconds", Math.Round(stream.Jitter.TotalMilliseconds, 3));
        json.WriteEndObject();
    }

    private void Digit(DigitReceived digit)
    {
        if (asJson)
        {
            Json("digit", json =>
            {
                json.WriteString("id", digit.Call.Id);
                json.WriteString("digit", digit.Digit.ToString());
            });
        }
        else
        {
            Line($"call {(digit.Call.Direction == CallDirection.Outgoing ? "to" : "from")} {digit.Call.RemoteAddress}: digit {digit.Digit}");
        }
    }

    private void Json(string kind, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("event", kind);
            write(json);
            json.WriteEndObject();
        }

        Line(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private void Line(string text)
    {
        lock (_lock)
        {
            if (IsMuted)
            {
                return;
            }

            if (Output is { } elsewhere)
            {
                elsewhere(text);
                return;
            }

            output.WriteLine(text);
            output.Flush();
        }
    }
}
