// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Isthmus.DualStack;
using Isthmus.Sip;
using Isthmus.Sip.Stack;
using Microsoft.Extensions.Logging;

namespace Isthmus.Server.Configuration;

/// <summary>One key of one table: its name, what may stand there, and what it sets. <c>Apply</c> answers null for anything else.</summary>
internal sealed record Setting<TOptions>(string Name, string Expected, Func<TOptions, ConfigurationNode, TOptions?> Apply)
    where TOptions : class;

/// <summary>The kinds of settings.</summary>
internal static class Setting
{
    private const int DnsPort = 53;

    private static readonly char[] ListSeparators = [',', ' '];

    public static Setting<T> Text<T>(string name, string expected, Func<T, string, T?> with)
        where T : class =>
        new(name, expected, (options, node) => node is ConfigurationValue { IsText: true, Text: { Length: > 0 } text } ? with(options, text) : null);

    public static Setting<T> Integer<T>(string name, int min, int max, Func<T, int, T> with)
        where T : class =>
        new(
            name,
            $"a whole number from {min} to {max}",
            (options, node) => node is ConfigurationValue value && TryInteger(value, out int number) && number >= min && number <= max ? with(options, number) : null);

    /// <summary>A time: a whole number of seconds, or text with a unit (<c>"250ms"</c>, <c>"90s"</c>, <c>"5m"</c>, <c>"1h"</c>, <c>"2d"</c>).</summary>
    public static Setting<T> Time<T>(string name, TimeSpan min, TimeSpan max, Func<T, TimeSpan, T> with)
        where T : class =>
        new(
            name,
            $"a time from {Show(min)} to {Show(max)}, as seconds or \"5m\"",
            (options, node) => node is ConfigurationValue value && TryTime(value, out TimeSpan time) && time >= min && time <= max ? with(options, time) : null);

    public static Setting<T> Choice<T, TEnum>(string name, IReadOnlyList<(string Word, TEnum Value)> choices, Func<T, TEnum, T> with)
        where T : class =>
        Text<T>(name, "one of " + string.Join(", ", choices.Select(choice => $"\"{choice.Word}\"")), (options, text) =>
        {
            foreach ((string word, TEnum value) in choices)
            {
                if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
                {
                    return with(options, value);
                }
            }

            return null;
        });

    public static Setting<T> Address<T>(string name, Func<T, IPAddress, T> with)
        where T : class =>
        Text<T>(name, "an IPv4 or IPv6 address such as \"0.0.0.0\", \"::\" or \"192.0.2.1\"", (options, text) =>
            Written.TryParse(text, out Host host) && host.AddressHere is { } address ? with(options, address) : null);

    public static Setting<T> HostName<T>(string name, Func<T, string, T> with)
        where T : class =>
        Text<T>(name, "a host name or an IP address", (options, text) => ReadHost(text) is { } host ? with(options, host) : null);

    /// <summary>A list of host names; from the environment also as one text with commas.</summary>
    public static Setting<T> HostNames<T>(string name, Func<T, IReadOnlyList<string>, T> with)
        where T : class =>
        ListOf(name, "a list of host names or IP addresses such as [\"example.com\"]", ReadHost, with);

    /// <summary>A list of texts that are read one by one; from the environment also as one text with commas.</summary>
    public static Setting<T> ListOf<T, TItem>(string name, string expected, Func<string, TItem?> read, Func<T, IReadOnlyList<TItem>, T> with)
        where T : class
        where TItem : class =>
        new(name, expected, (options, node) =>
        {
            IEnumerable<string?> texts = node switch
            {
                ConfigurationList list => list.Items.Select(item => item is ConfigurationValue { IsText: true } value ? value.Text : null),
                ConfigurationValue { IsText: true } value => value.Text.Split(ListSeparators, StringSplitOptions.RemoveEmptyEntries),
                _ => [null],
            };
            List<TItem?> items = [.. texts.Select(text => text is null ? null : read(text))];
            return items.Contains(null) ? null : with(options, items.OfType<TItem>().ToList());
        });

    /// <summary>True or false; from the environment as text.</summary>
    public static Setting<T> Flag<T>(string name, Func<T, bool, T> with)
        where T : class =>
        new(name, "true or false", (options, node) => node is ConfigurationValue { IsNumber: false } value && bool.TryParse(value.Text, out bool flag) ? with(options, flag) : null);

    public static IReadOnlyList<(string Word, JudgeMethod Value)> JudgeMethods { get; } =
        [("auto", JudgeMethod.Auto), ("arrival", JudgeMethod.Arrival), ("session", JudgeMethod.Session), ("carry", JudgeMethod.Carry)];

    public static IReadOnlyList<(string Word, SipTransport Value)> Transports { get; } = [("udp", SipTransport.Udp), ("tcp", SipTransport.Tcp)];

    public static IReadOnlyList<(string Word, IpVersions Value)> Versions { get; } = [("both", IpVersions.Both), ("ipv4", IpVersions.V4), ("ipv6", IpVersions.V6)];

    public static IReadOnlyList<(string Word, Access Value)> Accesses { get; } = [("allow", Access.Allow), ("polite-block", Access.PoliteBlock), ("confirm", Access.Confirm), ("deny", Access.Deny)];

    public static IReadOnlyList<(string Word, LogLevel Value)> LogLevels { get; } =
    [
        ("trace", LogLevel.Trace), ("debug", LogLevel.Debug), ("information", LogLevel.Information),
        ("warning", LogLevel.Warning), ("error", LogLevel.Error), ("critical", LogLevel.Critical), ("none", LogLevel.None),
    ];

    /// <summary>A time for people: <c>90 s</c>, <c>5 min</c>, <c>1 h</c>.</summary>
    public static string Show(TimeSpan time) => time switch
    {
        { Ticks: 0 } => "0 s",
        _ when time.Ticks % TimeSpan.TicksPerDay == 0 => $"{time.TotalDays:0} d",
        _ when time.Ticks % TimeSpan.TicksPerHour == 0 => $"{time.TotalHours:0} h",
        _ when time.Ticks % TimeSpan.TicksPerMinute == 0 => $"{time.TotalMinutes:0} min",
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s"),
    };

    private static bool TryInteger(ConfigurationValue value, out int number)
    {
        number = 0;
        return (value.IsNumber || value.IsText) && int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryTime(ConfigurationValue value, out TimeSpan time)
    {
        ReadOnlySpan<char> text = value.Text.AsSpan().Trim();
        double unit = 1;
        if (value.IsText && text.EndsWith("ms"))
        {
            unit = 0.001;
            text = text[..^2].TrimEnd();
        }
        else if (value.IsText && text.Length > 0 && !char.IsAsciiDigit(text[^1]))
        {
            unit = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
            text = text[..^1].TrimEnd();
        }

        bool ok = unit > 0 && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) && number * unit <= uint.MaxValue;
        time = ok ? TimeSpan.FromSeconds(uint.Parse(text, CultureInfo.InvariantCulture) * unit) : default;
        return ok && (value.IsNumber || value.IsText);
    }

    /// <summary>A resolver: an address, and its port where it is not 53.</summary>
    public static IPEndPoint? ReadResolver(string text) =>
        Written.TryParse(text, out Host host) && host.AddressHere is { } address ? new IPEndPoint(address, DnsPort)
        : HostPort.TryParse(text, out HostPort hostPort) && hostPort is { Port: not null and not 0, Host.AddressHere: { } at } ? new IPEndPoint(at, hostPort.Port.Value)
        : null;

    private static string? ReadHost(string text) => Written.TryParse(text, out Host host) ? host.ToString() : null;
}
