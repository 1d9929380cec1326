// SPDX-License-Identifier: Apache-2.0
using Isthmus.Fuzz;

if (!FuzzOptions.TryRead(args, out FuzzOptions? options, out string problem))
{
    Console.Error.WriteLine(problem);
    Console.Error.WriteLine(FuzzOptions.Usage);
    return 64;
}

return options.Replay is { } file ? new Runner(options).Replay(file) : new Runner(options).Run();
