// SPDX-License-Identifier: Apache-2.0
using Isthmus.Phone;

namespace Isthmus.App.Phone;

/// <summary>Lines typed at a phone that listens, each a command for its newest call.</summary>
internal static class Keyboard
{
    public static async Task RunAsync(SipPhone phone, PhoneReport report, TextReader input, CancellationToken cancellation)
    {
        while (await input.ReadLineAsync(cancellation) is { } line)
        {
            string word = line.Trim().ToLowerInvariant();
            if (word is "q" or "quit")
            {
                return;
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
                case "hold": await call!.HoldAsync(); break;
                case "resume": await call!.ResumeAsync(); break;
                default:
                    if (!call!.SendDigits(word.ToUpperInvariant()))
                    {
                        report.Problem("type a (answer), r (reject), h (hang up), hold, resume, digits such as 123#, or q (quit)");
                    }

                    break;
            }
        }

        // No keyboard (a service, a pipe that ended): the phone stays until it is interrupted.
        await Interruption.WaitAsync(cancellation);
    }
}
