// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;
using Isthmus.Phone;

namespace Isthmus.App.Phone;

/// <summary>`isthmus phone`: a dual-stack phone for people and scripts.</summary>
internal static class PhoneCommand
{
    private const int MostSeconds = 7 * 24 * 3600;

    public static Command Create() => new("phone", "A dual-stack SIP phone: registers on both IP versions, follows redirects, and judges for itself when it is called.")
    {
        Register(),
        CallTo(),
        Answer(),
        Listen(),
        SendCommand.Create(),
        ChatCommand.Create(),
        WatchCommand.Create(),
        PublishCommand.Create(),
    };

    private static Command Register()
    {
        var stay = new Option<bool>("--stay") { Description = "stay registered until interrupted" };
        return With(new Command("register", "Register, say how it went, and unregister; exit code 0 when at least one version of every account is registered, else 20.") { stay }, AnswerPolicy.Busy, async (phone, parsed, cancellation) =>
        {
            if (!await phone.RegisterAsync(cancellation))
            {
                return ExitCodes.NotRegistered;
            }

            if (parsed.GetValue(stay))
            {
                await Interruption.WaitAsync(cancellation);
            }

            return ExitCodes.Good;
        });
    }

    private static Command CallTo()
    {
        var uri = new Argument<string>("URI") { Description = "whom to call, such as sip:bob@example.com" };
        var seconds = new Option<double>("--duration", "-d") { Description = "seconds to talk before hanging up; 0 waits until the other side hangs up or the command is interrupted", DefaultValueFactory = _ => 0 };
        var digits = new Option<string?>("--digits") { Description = "digits to send once the call is answered (RFC 4733)" };
        var command = new Command("call", "Call URI; the exit code says how the call ended (docs/phone.md).") { uri, seconds, digits };
        seconds.Validators.Add(result => NotNegative(result));
        digits.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && (text.Length is 0 or > 32 || !text.All(digit => "0123456789*#ABCD".Contains(digit))))
            {
                result.AddError($"--digits: expected 1 to 32 of 0 to 9, *, #, A to D, not '{text}'");
            }
        });
        return With(command, AnswerPolicy.Busy, async (phone, parsed, cancellation) =>
        {
            if (!await phone.RegisterAsync(cancellation))
            {
                return ExitCodes.NotRegistered;
            }

            Call call = phone.Phone.Dial(parsed.GetValue(uri)!);
            if (!Console.IsInputRedirected)
            {
                _ = HangUpWhenToldAsync(phone, call, cancellation);
            }

            CallResult result = await TalkAsync(call, parsed.GetValue(seconds), parsed.GetValue(digits), cancellation);
            return ExitCodes.Of(result);
        });
    }

    private static Command Answer()
    {
        var calls = new Option<int>("--calls") { Description = "how many calls to answer before ending; 0 goes on until interrupted", DefaultValueFactory = _ => 1 };
        var seconds = new Option<double>("--duration", "-d") { Description = "seconds to talk before hanging up; 0 leaves that to the caller", DefaultValueFactory = _ => 0 };
        seconds.Validators.Add(result => NotNegative(result));
        return With(new Command("answer", "Register and answer calls at once; the exit code is that of the last call.") { calls, seconds }, AnswerPolicy.Automatic, async (phone, parsed, cancellation) =>
        {
            if (!await phone.RegisterAsync(cancellation))
            {
                return ExitCodes.NotRegistered;
            }

            int code = ExitCodes.Good, left = parsed.GetValue(calls);
            var running = new List<Task<CallResult>>();
            try
            {
                await foreach (Call call in phone.Phone.IncomingCalls(cancellation))
                {
                    running.Add(TalkAsync(call, parsed.GetValue(seconds), null, cancellation));
                    if (left > 0 && --left == 0)
                    {
                        break;
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // Interrupted: the calls that run are hung up below.
            }

            foreach (Task<CallResult> call in running)
            {
                code = ExitCodes.Of(await call);
            }

            return code;
        });
    }

    private static Command Listen() =>
        With(new Command("listen", "Register and wait for calls: type " + Keyboard.Help + "."), AnswerPolicy.Ask, async (phone, parsed, cancellation) =>
        {
            if (!await phone.RegisterAsync(cancellation))
            {
                return ExitCodes.NotRegistered;
            }

            if (!await Keyboard.RunAsync(phone.Phone, phone.Report, Console.In, cancellation))
            {
                await Interruption.WaitAsync(cancellation);
            }

            return ExitCodes.Good;
        });

    /// <summary>Gives a command the options of a phone, and runs it with that phone.</summary>
    /// <param name="command">The command.</param>
    /// <param name="policy">What becomes of calls.</param>
    /// <param name="run">What the command does; its result is the exit code.</param>
    /// <param name="isShort">Whether it does one thing and ends: then it takes no messages, which stay where they are stored, tells nobody who is there, and says only what came of it.</param>
    public static Command With(Command command, AnswerPolicy policy, Func<RunningPhone, ParseResult, CancellationToken, Task<int>> run, bool isShort = false)
    {
        var arguments = new PhoneArguments();
        arguments.AddTo(command);
        StatusArguments? status = isShort ? null : new StatusArguments();
        status?.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            PhoneOptions options = await arguments.PhoneAsync(parsed, policy, cancellation) with { TakeMessages = !isShort, TellPresence = !isShort };
            var report = new PhoneReport(Console.Out, arguments.IsJson(parsed));
            await using var phone = new RunningPhone(options, report, isShort);
            if (!phone.IsUsable)
            {
                return ExitCodes.NoListener;
            }

            phone.Phone.Presence = status?.Presence(parsed) ?? phone.Phone.Presence;
            int code;
            try
            {
                code = await run(phone, parsed, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                code = ExitCodes.Good;
            }

            if (options.Audio is CallSound sound)
            {
                report.Heard(sound.Heard);
            }

            return code;
        });
        return command;
    }

    private static async Task HangUpWhenToldAsync(RunningPhone phone, Call call, CancellationToken cancellation)
    {
        try
        {
            if (await Keyboard.RunAsync(phone.Phone, phone.Report, Console.In, cancellation))
            {
                call.HangUp();
            }
        }
        catch (OperationCanceledException)
        {
            // Interrupted: the call is hung up anyway.
        }
    }

    private static async Task<CallResult> TalkAsync(Call call, double seconds, string? digits, CancellationToken cancellation)
    {
        await using CancellationTokenRegistration interrupted = cancellation.Register(call.HangUp);
        if (await call.Answered)
        {
            if (digits is not null)
            {
                call.SendDigits(digits);
            }

            if (seconds > 0)
            {
                await TalkedAsync(call, TimeSpan.FromSeconds(seconds), cancellation);
                call.HangUp();
            }
        }

        return await call.Completion;
    }

    private static async Task TalkedAsync(Call call, TimeSpan time, CancellationToken cancellation)
    {
        try
        {
            await call.Completion.WaitAsync(time, cancellation);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // The time is over, or somebody wants to stop: the call is hung up.
        }
    }

    private static void NotNegative(OptionResult result)
    {
        if (!result.Errors.Any() && result.GetValueOrDefault<double>() is not (>= 0 and <= MostSeconds))
        {
            result.AddError($"{result.Option.Name}: expected 0 to {MostSeconds} seconds");
        }
    }
}
