// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Isthmus.Bodies;

/// <summary>Whether messages wait for a user, and how many (RFC 3842): lines of text, not XML.</summary>
/// <param name="Waiting">Whether any message waits.</param>
public sealed record MessageSummary(bool Waiting)
{
    /// <summary>The media type of a message summary in a message.</summary>
    public static string ContentType => "application/simple-message-summary";

    /// <summary>Where the messages are, a URI; null when not said.</summary>
    public string? Account { get; init; }

    /// <summary>How many there are of each kind; kinds of which nothing is known are left out.</summary>
    public ImmutableArray<MessageCount> Counts { get; init; } = [];

    /// <summary>Reads a body. Never throws: what cannot be read gives a fault. What stands behind an empty line (headers of the messages) is not read.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> body, [NotNullWhen(true)] out MessageSummary? summary, [NotNullWhen(false)] out BodyFault? fault, BodyLimits? limits = null)
    {
        limits ??= BodyLimits.Default;
        (summary, fault) = body.Length > limits.MaxBytes ? (null, new BodyFault(0, "the body is larger than allowed")) : Read(Encoding.UTF8.GetString(body), limits);
        return summary is not null;
    }

    /// <summary>Makes one summary of several, such as those of a mailbox for calls and one for faxes: what waits is added up.</summary>
    /// <param name="parts">The summaries. None: nothing waits.</param>
    public static MessageSummary Compose(IEnumerable<MessageSummary> parts)
    {
        MessageSummary[] all = [.. parts];
        return new(all.Any(static part => part.Waiting))
        {
            Account = all.Select(static part => part.Account).FirstOrDefault(static account => account is not null),
            Counts =
            [
                .. all.SelectMany(static part => part.Counts)
                    .GroupBy(static count => count.Context, StringComparer.OrdinalIgnoreCase)
                    .Select(static kind => kind.Aggregate(static (sum, count) => sum.Add(count))),
            ],
        };
    }

    /// <summary>Writes the summary as UTF-8.</summary>
    public void WriteTo(IBufferWriter<byte> output) => Encoding.UTF8.GetBytes(ToString(), output);

    /// <summary>The octets for a message's body.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());

    /// <summary>The text of the body.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append("Messages-Waiting: ").Append(Waiting ? "yes" : "no").Append("\r\n");
        if (Account is not null)
        {
            text.Append("Message-Account: ").Append(Account).Append("\r\n");
        }

        foreach (var count in Counts)
        {
            text.Append(count).Append("\r\n");
        }

        return text.ToString();
    }

    private static (MessageSummary? Summary, BodyFault? Fault) Read(string text, BodyLimits limits)
    {
        MessageSummary? summary = null;
        var counts = ImmutableArray.CreateBuilder<MessageCount>();
        int number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            int colon = line.IndexOf(':');
            if (line.IsWhiteSpace())
            {
                break;
            }

            if (colon <= 0 || number > limits.MaxElements)
            {
                return (null, new(number, colon <= 0 ? "not a line of the form name: value" : "there are more lines than allowed"));
            }

            string name = line[..colon].Trim().ToString();
            var value = line[(colon + 1)..].Trim();
            if (summary is null)
            {
                bool yes = value.Equals("yes", StringComparison.OrdinalIgnoreCase);
                if (!name.Equals("Messages-Waiting", StringComparison.OrdinalIgnoreCase) || (!yes && !value.Equals("no", StringComparison.OrdinalIgnoreCase)))
                {
                    return (null, new(number, "the first line is not Messages-Waiting: yes or no"));
                }

                summary = new(yes);
            }
            else if (name.Equals("Message-Account", StringComparison.OrdinalIgnoreCase))
            {
                summary = summary with { Account = value.ToString() };
            }
            else if (MessageCount.TryParse(name, value, out var count))
            {
                counts.Add(count);
            }
            else
            {
                return (null, new(number, "a count of messages cannot be read"));
            }
        }

        return summary is null ? (null, new(0, "the body is empty")) : (summary with { Counts = counts.DrainToImmutable() }, null);
    }
}
