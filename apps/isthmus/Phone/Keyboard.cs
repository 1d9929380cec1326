// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using Isthmus.Phone;

namespace Isthmus.App.Phone;

/// <summary>Lines typed at a phone, each a command for its newest call.</summary>
internal static class Keyboard
{
    public const string Help = "a (answer), r (reject), h (hang up), hold, resume, digits such as 123#, or q (quit)";

    private const int MostWaiting = 64;

    /// <summary>Does what is typed until <c>q</c>; returns false when there is no keyboard (a service, a pipe that ended).</summary>
    public static async Task<bool> RunAsync(SipPhone phone, PhoneReport report, TextReader input, CancellationToken cancellation)
    {
        await foreach (string line in Lines(input).ReadAllAsync(cancellation))
        {
            string word = line.Trim().ToLowerInvariant();
            if (word is "q" or "quit")
            {
                return true;
            }

            Call? call = phone.Calls is { Count: > 0 } calls ? calls[^1] : null;
            if (word.Length > 0 && call is null)
            {
                report.Problem("there is no call");
                continue;
            }

            switch (word)
            {
                case "": break;
                case "a" or "answer": call!.Answer(); break;
                case "r" or "reject": call!.Reject(); break;
                case "h" or "hangup": call!.HangUp(); break;
                case "hold": await ReportAsync(report, call!.HoldAsync(), "the call could not be put on hold"); break;
                case "resume": await ReportAsync(report, call!.ResumeAsync(), "the call could not be resumed"); break;
                default:
                    if (!call!.SendDigits(word.ToUpperInvariant()))
                    {
                        report.Problem($"type {Help}");
                    }

                    break;
            }
        }

        return false;
    }

    private static async Task ReportAsync(PhoneReport report, Task<bool> asked, string problem)
    {
        if (!await asked)
        {
            report.Problem(problem);
        }
    }

    /// <summary>What is typed. Reading a console blocks and cannot be interrupted, so a thread of its own does it, which ends with the program.</summary>
    public static ChannelReader<string> Lines(TextReader input)
    {
        var lines = Channel.CreateBounded<string>(MostWaiting);
        var reading = new Thread(() =>
        {
            while (input.ReadLine() is { } line)
            {
                while (!lines.Writer.TryWrite(line) && lines.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult())
                {
                    // A pipe is faster than what becomes of its lines: it waits.
                }
            }

            lines.Writer.Complete();
        })
        {
            IsBackground = true,
            Name = "keyboard",
        };
        reading.Start();
        return lines.Reader;
    }
}
