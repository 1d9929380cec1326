// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server;
using Isthmus.Server.Hosting;
using Microsoft.Extensions.Logging;

namespace Isthmus.Tests.Server.Hosting;

public sealed class ReloadTests
{
    private static readonly string[] Two = ["first", "second"];

    private readonly Lines _log = new();
    private readonly List<string> _taken = [];
    private readonly Reload _reload;
    private Func<ConfigurationResult> _read = () => Of();
    private Action _changing = () => { };

    public ReloadTests() => _reload = new(() => _read(), 12, _log);

    [Fact]
    public void Ask_WhileItReads_ReadsOnceMoreAfterwards()
    {
        Begin();
        using ManualResetEventSlim reads = new(), goOn = new();
        int readings = 0;
        string written = "first";
        _read = () =>
        {
            string here = Volatile.Read(ref written);
            if (Interlocked.Increment(ref readings) == 1)
            {
                reads.Set();
                goOn.Wait(TestContext.Current.CancellationToken); // a slow disk
            }

            return Of(here);
        };
        var first = new Thread(_reload.Ask);
        first.Start();
        reads.Wait(TestContext.Current.CancellationToken);
        Volatile.Write(ref written, "second");
        var second = new Thread(_reload.Ask);
        second.Start();
        SpinWait.SpinUntil(() => !second.IsAlive || second.ThreadState.HasFlag(ThreadState.WaitSleepJoin));
        _reload.Ask(); // the second will read what is there now: this one need not wait
        goOn.Set();
        first.Join();
        second.Join();

        Assert.Equal(Two, _taken);
        Assert.Equal(2, readings);
    }

    [Fact]
    public void Ask_ReadingThatThrows_IsLoggedAndTheNextIsTaken()
    {
        Begin();
        _read = () => throw new InvalidTimeZoneException("an error in the program");
        _reload.Ask();
        Assert.Equal((3305, LogLevel.Error, "The configuration was to be read again and is not taken: InvalidTimeZoneException: an error in the program"), Assert.Single(_log.Written));
        _read = () => Of("bob");
        _reload.Ask();
        Assert.Equal(["bob"], _taken);
    }

    [Fact]
    public void Ask_ChangeThatThrows_IsLoggedAndTheNextIsTaken()
    {
        Begin();
        _read = () => Of("bob");
        _changing = () => throw new InvalidTimeZoneException("another one");
        _reload.Ask();
        Assert.EndsWith("is not taken: InvalidTimeZoneException: another one", Assert.Single(_log.Written).Text, StringComparison.Ordinal);
        _changing = () => { };
        _reload.Ask();
        Assert.Equal(["bob"], _taken);
    }

    [Fact]
    public void Ask_LogThatThrows_TakesTheRulesNevertheless()
    {
        Begin();
        _log.IsBroken = true;
        _read = () => Of("bob");
        _reload.Ask();
        _read = () => throw new InvalidTimeZoneException("an error in the program");
        _reload.Ask();
        Assert.Equal(["bob"], _taken);
    }

    [Fact]
    public void Ask_FileWithMistakes_SaysWhereAndWhatWasExpectedAndChangesNothing()
    {
        Begin();
        _read = () => new(new(), [new(new("isthmus.toml", 3, 10), "expected allow or deny"), new(new("isthmus.toml", 7, 1), "unknown key")]);
        _reload.Ask();
        Assert.Equal(
            (3305, LogLevel.Error, "The configuration was to be read again and is not taken: isthmus.toml:3:10: expected allow or deny; isthmus.toml:7:1: unknown key"),
            Assert.Single(_log.Written));
        Assert.Empty(_taken);
    }

    [Fact]
    public void Ask_RulesAreTaken_SaysHowManyThereWereBefore()
    {
        Begin();
        _read = () => Of("bob", "carol");
        _reload.Ask();
        _read = () => Of(); // cut off by an editor that is still writing, perhaps: everybody may see everybody
        _reload.Ask();
        Assert.Equal([(3304, LogLevel.Information), (3304, LogLevel.Warning)], _log.Written.Select(line => (line.Id, line.Level)));
        Assert.Contains(": 2 rules say who may watch whom, where there were 12 before;", _log.Written[0].Text, StringComparison.Ordinal);
        Assert.Contains(": 0 rules say who may watch whom, where there were 2 before;", _log.Written[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Ask_BeforeTheServerIsThere_IsHeardWhenItIs()
    {
        _read = () => Of("bob");
        _reload.Ask();
        _reload.Ask();
        Assert.Empty(_taken);
        Begin();
        Assert.Equal(["bob"], _taken);
        _reload.Ask();
        Assert.Equal(["bob", "bob"], _taken);
    }

    [Fact]
    public void Ask_WhileTheServerEnds_DoesNothing()
    {
        Begin();
        _read = () => throw new InvalidOperationException("it is read");
        _reload.End();
        _reload.Ask();
        Assert.Empty(_log.Written);
        Assert.Empty(_taken);
    }

    private static ConfigurationResult Of(params string[] users) => new(new() { WatchRules = [.. users.Select(user => new WatchRule { User = user })] }, []);

    private void Begin() => _reload.Begin(rules =>
    {
        _changing();
        _taken.AddRange(rules.Select(rule => rule.User));
    });

    private sealed class Lines : ILogger
    {
        public List<(int Id, LogLevel Level, string Text)> Written { get; } = [];

        public bool IsBroken { get; set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsBroken)
            {
                throw new IOException("no space left on device");
            }

            Written.Add((eventId.Id, logLevel, formatter(state, exception)));
        }
    }
}
