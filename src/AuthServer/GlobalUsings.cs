// How far clocks may be apart is one number in both projects.
global using Clocks = Recovery.Clocks;
global using Words = Recovery.Words; // times are said alike on our pages, on recovery's and in mail
